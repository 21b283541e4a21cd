using System.Text.Json.Nodes;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>A message in the shape that each service takes. What people named is text there, never a mention, a link or markup.</summary>
internal static class ChatBodies
{
    // Discord refuses more than 2,000 characters, and ntfy makes an attachment of more than 4,096 bytes.
    private const int Longest = 1800;

    public static JsonObject Of(TargetKind kind, AlertMessage message, Uri url) => kind switch
    {
        TargetKind.Slack => new JsonObject { ["text"] = Slack($"*{Plain(message.Title)}*\n") + Slack(Cut(message.ToText())) },
        TargetKind.Teams => Teams(message),
        TargetKind.Discord => new JsonObject
        {
            ["content"] = Cut($"{Plain(message.Title)}\n```\n{Plain(message.ToText())}```"),
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        },
        TargetKind.Ntfy => new JsonObject
        {
            ["topic"] = url.AbsolutePath.Trim('/'),
            ["title"] = message.Title,
            ["message"] = Cut(message.ToText()),
            ["priority"] = message.IsOver ? 3 : message.Severity == "critical" ? 5 : message.Severity == "warning" ? 4 : 3,
            ["tags"] = new JsonArray(message.IsOver ? "white_check_mark" : "warning"),
        },
        _ => JsonNode.Parse(message.ToJson())!.AsObject(),
    };

    /// <summary>Where it is posted: ntfy takes JSON at its root, all others where the address says.</summary>
    public static Uri AddressOf(TargetKind kind, Uri url) => kind == TargetKind.Ntfy ? new Uri(url, "/") : url;

    // learn.microsoft.com: a message with an adaptive card, as workflows ("Post to a channel when a webhook request is received") take it.
    private static JsonObject Teams(AlertMessage message) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["body"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "TextBlock",
                        ["text"] = message.Title,
                        ["weight"] = "Bolder",
                        ["wrap"] = true,
                        ["color"] = message.IsOver ? "Good" : message.Severity == "critical" ? "Attention" : "Warning",
                    },
                    new JsonObject
                    {
                        ["type"] = "TextBlock",
                        ["text"] = Cut(message.ToText()),
                        ["wrap"] = true,
                        ["fontType"] = "Monospace",
                    }),
            },
        }),
    };

    // api.slack.com/reference/surfaces/formatting: these three alone begin links, mentions and entities.
    private static string Slack(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Plain(string text) => text.Replace('`', '\'').Replace('*', '·');

    private static string Cut(string text) => text.Length <= Longest ? text : text[..Longest] + "…";
}
