using System.Text.Json.Nodes;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>A message in the shape that each service takes. What people named is text there, never a mention, a link or markup.</summary>
internal static class ChatBodies
{
    // Discord refuses more than 2,000 characters, and ntfy makes an attachment of more than 4,096 bytes.
    private const int Longest = 1800;

    private static string Open => T("Open in the portal");

    public static JsonObject Of(TargetKind kind, AlertMessage message, Uri url) => kind switch
    {
        TargetKind.Slack => new JsonObject
        {
            ["text"] = Slack($"*{Plain(message.Title)}*\n") + Slack(Cut(message.ToText()))
                + (message.Link.Length > 0 ? $"<{Slack(message.Link)}|{Slack(Open)}>" : ""),
        },
        TargetKind.Teams => Teams(message),
        TargetKind.Discord => new JsonObject
        {
            ["content"] = Discord(message),
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        },
        TargetKind.Ntfy => Ntfy(message, url),
        _ => JsonNode.Parse(message.ToJson())!.AsObject(),
    };

    /// <summary>Where it is posted: ntfy takes JSON at its root, all others where the address says.</summary>
    public static Uri AddressOf(TargetKind kind, Uri url) => kind == TargetKind.Ntfy ? new Uri(url, "/") : url;

    private static JsonObject Ntfy(AlertMessage message, Uri url)
    {
        var body = new JsonObject
        {
            ["topic"] = url.AbsolutePath.Trim('/'),
            ["title"] = message.Title,
            ["message"] = Cut(message.ToText()),
            ["priority"] = message.IsOver ? 3 : message.Severity == "critical" ? 5 : message.Severity == "warning" ? 4 : 3,
            ["tags"] = new JsonArray(message.IsOver ? "white_check_mark" : "warning"),
        };
        if (message.Link.Length > 0)
        {
            // Opened by who touches the notification.
            body["click"] = message.Link;
        }

        return body;
    }

    // The link stands behind the block, since one in it is none; and in angles, so that Discord shows no picture of the sign-in page.
    private static string Discord(AlertMessage message)
    {
        var (title, link) = (Plain(message.Title), message.Link.Length > 0 ? $"\n<{message.Link}>" : "");
        var lines = Cut(Plain(message.ToText()), Longest - title.Length - link.Length);
        return $"{title}\n```\n{lines}```{link}";
    }

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
                ["actions"] = message.Link.Length == 0 ? new JsonArray() : new JsonArray(
                    new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = Open, ["url"] = message.Link }),
            },
        }),
    };

    // api.slack.com/reference/surfaces/formatting: these three alone begin links, mentions and entities.
    private static string Slack(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Plain(string text) => text.Replace('`', '\'').Replace('*', '·');

    private static string Cut(string text, int longest = Longest) =>
        text.Length <= longest ? text : text[..Math.Max(0, longest)] + "…";
}
