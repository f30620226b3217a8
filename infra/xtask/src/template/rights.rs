//! What a function's role may do.

use std::collections::{BTreeMap, BTreeSet};

use super::{Deployed, Functions, capital, quoted, sub};

/// Actions, each with what it may name: partition keys (`dynamodb:LeadingKeys`), indexes, or
/// parameters under the stack's path.
pub(super) type Rights = BTreeMap<String, Vec<String>>;

/// What sending names: whatever identity SES knows the sender by, its address or its domain, and
/// the stack's configuration set.
const SENDING: [&str; 2] = [
    "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*",
    "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/${Stack}",
];
/// Where X-Ray is asked for; its actions know no resource.
const TRACES: &str = "              - !If [IsTraced, { Sid: Traces, Effect: Allow, Action: \
    [xray:PutTraceSegments, xray:PutTelemetryRecords], Resource: \"*\" }, !Ref AWS::NoValue]\n";

impl Functions {
    /// The statements of a function's role.
    pub(super) fn statements(&self, one: &Deployed<'_>) -> Result<String, String> {
        let mut statements =
            statement("Logs", "[logs:CreateLogStream, logs:PutLogEvents]", "!Ref LogsArn", "");
        // The pages have nothing of their own to trace, and their role writes logs alone.
        if one.group != "pages" {
            statements += TRACES;
        }
        if one.is_asynchronous() || one.is_of_the_stream() {
            statements += &statement("DeadLetters", "sqs:SendMessage", "!Ref DeadLetters", "");
        }
        if one.is_of_the_stream() {
            let actions = "[dynamodb:DescribeStream, dynamodb:GetRecords, \
                dynamodb:GetShardIterator, dynamodb:ListStreams]";
            statements += &statement("Stream", actions, &sub("${TableArn}/stream/*"), "");
        }
        for (action, names) in self.rights(one)? {
            // Of what it may change at all, no part is named as well.
            let (whole, parts): (Vec<_>, Vec<_>) =
                names.into_iter().partition(|name| !is_part(&action, name));
            let parts = self.parts(&whole, &parts)?;
            if !whole.is_empty() || parts.is_empty() {
                statements += &allowed(&action, &whole);
            }
            for (number, (key, attributes)) in parts.iter().enumerate() {
                let sid = format!("{}Part{}", capital(&action), number + 1);
                let attributes =
                    attributes.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
                let condition = format!(
                    "ForAllValues:StringLike: {{ dynamodb:LeadingKeys: [{}] }}, \
                        ForAllValues:StringEquals: {{ dynamodb:Attributes: [{attributes}] }}",
                    quoted(key)
                );
                let action = format!("dynamodb:{action}");
                statements += &statement(&sid, &action, "!Ref TableArn", &condition);
            }
        }
        Ok(statements)
    }

    /// Keys of which a function may change some attributes, with all of these and the key's own.
    fn parts(
        &self,
        whole: &[String],
        parts: &[String],
    ) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
        let mut keys = BTreeMap::<String, BTreeSet<String>>::new();
        for (key, set) in parts.iter().filter_map(|name| name.split_once(':')) {
            if whole.iter().any(|name| name == key) {
                continue;
            }
            let attributes = self
                .attributes
                .get(set)
                .ok_or_else(|| format!("infra/functions.yaml has no attributes `{set}`"))?;
            let known = keys.entry(key.to_owned()).or_default();
            known.extend(["PK", "SK"].map(str::to_owned));
            known.extend(attributes.iter().cloned());
        }
        Ok(keys)
    }

    /// Its own rights and those of its groups.
    fn rights(&self, one: &Deployed<'_>) -> Result<Rights, String> {
        let mut rights = one.function.rights.clone();
        for group in &one.function.with {
            let more = self
                .groups
                .get(group)
                .ok_or_else(|| format!("infra/functions.yaml has no group `{group}`"))?;
            for (action, names) in more {
                rights.entry(action.clone()).or_default().extend(names.iter().cloned());
            }
        }
        for names in rights.values_mut() {
            names.sort();
            names.dedup();
        }
        Ok(rights)
    }
}

/// Whether a name is a key with the attributes that may be changed there.
fn is_part(action: &str, name: &str) -> bool {
    !action.contains(':') && name.contains(':')
}

/// The statement of one action.
fn allowed(action: &str, names: &[String]) -> String {
    let each = |prefix: &str| {
        let all = names.iter().map(|name| sub(&format!("{prefix}{name}"))).collect::<Vec<_>>();
        format!("[{}]", all.join(", "))
    };
    let sid = capital(&action.replace(':', ""));
    match action.split_once(':') {
        Some(("ssm", _)) => statement(&sid, action, &each("${KeysArn}/"), ""),
        Some(_) => statement(
            &sid,
            action,
            &format!("[{}]", SENDING.map(sub).join(", ")),
            "StringEquals: { ses:FromAddress: !Ref MailFrom }",
        ),
        None if action == "QueryIndex" => {
            statement(&sid, "dynamodb:Query", &each("${TableArn}/index/"), "")
        }
        None => {
            let keys = names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
            let keys = format!("ForAllValues:StringLike: {{ dynamodb:LeadingKeys: [{keys}] }}");
            statement(&sid, &format!("dynamodb:{action}"), "!Ref TableArn", &keys)
        }
    }
}

fn statement(sid: &str, action: &str, resource: &str, condition: &str) -> String {
    let condition = if condition.is_empty() {
        String::new()
    } else {
        format!(", Condition: {{ {condition} }}")
    };
    format!(
        "              - {{ Sid: {sid}, Effect: Allow, Action: {action}, Resource: \
            {resource}{condition} }}\n"
    )
}
