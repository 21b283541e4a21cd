using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Rules;

namespace Portal.Web.Features.Alerts.Sending;

/// <summary>Where in the portal an alert leads. Without the portal's address, and without a slash at the front.</summary>
internal static class AlertLinks
{
    public const string All = "alerts";

    // A chat takes no message with more than some hundred letters of address.
    private const int LongestPattern = 400;

    public static string Of(Alert alert, AlertRule? rule) => alert.NodeId is not { } node ? All
        : alert.Subject.StartsWith("container:", StringComparison.Ordinal)
            ? $"nodes/{node}/containers/{Uri.EscapeDataString(alert.Subject[(alert.Subject.LastIndexOf(':') + 1)..])}{LinesOf(rule)}"
            : $"nodes/{node}";

    /// <summary>The whole address; empty where the portal's is not known, or nothing is led to.</summary>
    public static string At(string portal, string path) => portal.Length == 0 || path.Length == 0 ? "" : $"{portal.TrimEnd('/')}/{path}";

    // An alert about lines leads to them. The browser's search knows no difference of case, nor the sign for that.
    private static string LinesOf(AlertRule? rule)
    {
        var pattern = rule is null ? "" : AlertCondition.Parse(rule.Condition).LinePattern.Replace("(?i)", "", StringComparison.Ordinal);
        var find = Uri.EscapeDataString(pattern);
        return pattern.Length == 0 ? "" : find.Length > LongestPattern ? "/logs" : $"/logs?find={find}&regex=1";
    }
}
