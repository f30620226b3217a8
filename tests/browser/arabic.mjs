// An Arabic that nobody reads, from right to left.
const letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي";

/** A letter of Arabic for each of Latin; what stands in braces is filled in later. */
const arabic = (text) => text.replace(/\{\w+\}|[a-z]/gi, (found) =>
  (found.length > 1 ? found : letters[found.toLowerCase().charCodeAt(0) - 97]));

/** For `context.route`: documents with such texts. */
export async function translate(route) {
  if (route.request().resourceType() !== "document") return route.fallback();
  const response = await route.fetch();
  const html = (await response.text())
    .replace(/<html lang="\w+" dir="\w+"/, '<html lang="ar" dir="rtl"')
    .replace(/(id="texts">)(.*?)(<\/script>)/s, (whole, start, texts, end) => {
      const all = Object.entries(JSON.parse(texts)).map(([key, text]) => [key, arabic(text)]);
      return start + JSON.stringify(Object.fromEntries(all)).replaceAll("<", "\\u003c") + end;
    });
  const { "content-encoding": coding, "content-length": length, ...headers } = response.headers();
  return route.fulfill({ response, headers, body: html });
}
