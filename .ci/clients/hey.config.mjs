export default {
  input: "openapi.json",
  // As Node.js wants them.
  output: { path: "hey", importFileExtension: ".js" },
  plugins: ["@hey-api/client-fetch"],
  logs: { level: "silent", file: false },
};
