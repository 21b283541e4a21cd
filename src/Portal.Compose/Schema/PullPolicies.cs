using Portal.Compose.Shapes;

namespace Portal.Compose.Schema;

internal static class PullPolicies
{
    private static readonly string[] s_known = ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"];

    public static bool IsRight(string policy) =>
        s_known.Contains(policy)
        || (policy.StartsWith("every_", StringComparison.Ordinal) && Durations.TryParse(policy["every_".Length..], out _));
}
