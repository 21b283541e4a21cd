using System.Text;
using System.Text.Json;
using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Rules;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>What targets are told: the alerts of one rule that began or ended since they were told last.</summary>
/// <param name="Title">In one line.</param>
/// <param name="Severity">The rule's.</param>
/// <param name="IsOver">True when all of them ended.</param>
/// <param name="Alerts">Each of them, the first fifty.</param>
/// <param name="More">How many more there are.</param>
public sealed record AlertMessage(string Title, string Severity, bool IsOver, IReadOnlyList<AlertLine> Alerts, int More)
{
    private const int MostLines = 50;
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    /// <summary>For a target's test button.</summary>
    public static AlertMessage Test(DateTimeOffset now) => new(
        "Test: alerts of this portal arrive here",
        "info",
        false,
        [new AlertLine("test", "Test", "this portal", "", "nothing is wrong", now)],
        0);

    public static AlertMessage Parse(string json) =>
        JsonSerializer.Deserialize<AlertMessage>(json, s_options) ?? throw new JsonException("A message is null.");

    public string ToJson() => JsonSerializer.Serialize(this, s_options);

    /// <summary>The lines below the title, as text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var line in Alerts)
        {
            text.Append(line.State == AlertStates.Resolved ? "OK " : "!! ").Append(line.Subject);
            text.Append(line.Node.Length > 0 && line.Node != line.Subject ? $" on {line.Node}" : "").Append(": ").Append(line.Value);
            text.Append(" (since ").Append(line.Since.UtcDateTime.ToString("u")).Append(")\n");
        }

        return text.Append(More > 0 ? $"and {More} more\n" : "").ToString();
    }

    internal static AlertMessage Of(AlertRule rule, IReadOnlyList<Alert> alerts, Func<Guid, string> nodeName)
    {
        var ended = alerts.Count(alert => alert.State == AlertStates.Resolved);
        var lines = alerts.Take(MostLines).Select(alert => new AlertLine(
            alert.State, rule.Name, alert.SubjectName, alert.NodeId is { } node ? nodeName(node) : "", alert.Value, alert.BeganAt));
        var title = alerts.Count == 1
            ? $"{(ended == 1 ? "Over" : rule.Severity)}: {rule.Name}: {alerts[0].SubjectName}"
            : ended == 0 ? $"{rule.Severity}: {rule.Name} ({alerts.Count})" : $"{rule.Name}: {alerts.Count - ended} began, {ended} over";
        return new AlertMessage(title, rule.Severity, ended == alerts.Count, [.. lines], Math.Max(0, alerts.Count - MostLines));
    }
}
