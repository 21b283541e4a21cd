using System.Text;
using System.Text.Json;
using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Rules;
using Portal.Web.Languages;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>What targets are told: the alerts of one rule that began or ended since they were told last. Kept in English.</summary>
/// <param name="Title">In one line.</param>
/// <param name="Severity">The rule's.</param>
/// <param name="IsOver">True when all of them ended.</param>
/// <param name="Alerts">Each of them, the first fifty.</param>
/// <param name="More">How many more there are.</param>
/// <param name="Link">Where they are seen, as <see cref="AlertLine.Link"/> is.</param>
public sealed record AlertMessage(
    string Title, string Severity, bool IsOver, IReadOnlyList<AlertLine> Alerts, int More, string Link = "")
{
    private const int MostLines = 50;

    // What the portal itself calls so.
    private static readonly string s_certificate = N("The portal's certificate");
    private static readonly string s_deployment = N("Deployment");
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    /// <summary>For a target's test button.</summary>
    public static AlertMessage Test(DateTimeOffset now) => new(
        N("Test: alerts of this portal arrive here"),
        "info",
        false,
        [new AlertLine("test", N("Test"), N("this portal"), "", N("nothing is wrong"), now, AlertLinks.All)],
        0,
        AlertLinks.All);

    public static AlertMessage Parse(string json) =>
        JsonSerializer.Deserialize<AlertMessage>(json, s_options) ?? throw new JsonException("A message is null.");

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <summary>The same for readers of the language that is spoken now. What people named stays as it is.</summary>
    /// <param name="portal">Where they reach the portal; empty for no links.</param>
    public AlertMessage ForReader(string portal = "") => this with
    {
        Link = AlertLinks.At(portal, Link),
        Title = Texts.Told(Title).Replace(s_certificate, T(s_certificate), StringComparison.Ordinal),
        Alerts = [.. Alerts.Select(line => line with
        {
            Rule = line.Rule == s_deployment || IsTest(line) ? T(line.Rule) : line.Rule,
            Subject = line.Subject == s_certificate || IsTest(line) ? T(line.Subject) : line.Subject,
            Value = Texts.Told(line.Value),
            Link = AlertLinks.At(portal, line.Link),
        })],
    };

    /// <summary>The lines below the title, as text in the language that is spoken now.</summary>
    /// <param name="hasLinks">Whether each is followed by where it is seen.</param>
    public string ToText(bool hasLinks = false)
    {
        var text = new StringBuilder();
        foreach (var line in Alerts)
        {
            var since = line.Since.UtcDateTime.ToString("u");
            text.Append(line.State == AlertStates.Resolved ? "OK " : "!! ")
                .Append(line.Node.Length > 0 && line.Node != line.Subject
                    ? T("{0} on {1}: {2} (since {3})", line.Subject, line.Node, line.Value, since)
                    : T("{0}: {1} (since {2})", line.Subject, line.Value, since))
                .Append('\n')
                .Append(hasLinks && line.Link.Length > 0 ? $"   {line.Link}\n" : "");
        }

        text.Append(More > 0 ? T("and {0} more", More) + "\n" : "");
        return text.Append(hasLinks && Link.Length > 0 && Alerts.Count > 1 ? "\n" + T("All alerts: {0}", Link) + "\n" : "").ToString();
    }

    internal static AlertMessage Of(AlertRule rule, IReadOnlyList<Alert> alerts, Func<Guid, string> nodeName)
    {
        var ended = alerts.Count(alert => alert.State == AlertStates.Resolved);
        var lines = alerts.Take(MostLines).Select(alert => new AlertLine(
            alert.State, rule.Name, alert.SubjectName, alert.NodeId is { } node ? nodeName(node) : "", alert.Value, alert.BeganAt,
            AlertLinks.Of(alert, rule))).ToList();
        var title = alerts.Count > 1 && ended == 0 ? Many(rule, alerts.Count)
            : alerts.Count > 1 ? E("{0}: {1} began, {2} over", rule.Name, alerts.Count - ended, ended)
            : ended == 0 ? One(rule, alerts[0].SubjectName) : E("Over: {0}: {1}", rule.Name, alerts[0].SubjectName);
        return new AlertMessage(
            title, rule.Severity, ended == alerts.Count, lines, Math.Max(0, alerts.Count - MostLines),
            lines.Count == 1 ? lines[0].Link : AlertLinks.All);
    }

    private static bool IsTest(AlertLine line) => line.State == "test";

    // A form for each severity, so that a title is known again by its own word.
    private static string One(AlertRule rule, string subject) => rule.Severity switch
    {
        "critical" => E("critical: {0}: {1}", rule.Name, subject),
        "warning" => E("warning: {0}: {1}", rule.Name, subject),
        _ => $"{rule.Severity}: {rule.Name}: {subject}",
    };

    private static string Many(AlertRule rule, int count) => rule.Severity switch
    {
        "critical" => E("critical: {0} ({1})", rule.Name, count),
        "warning" => E("warning: {0} ({1})", rule.Name, count),
        _ => $"{rule.Severity}: {rule.Name} ({count})",
    };
}
