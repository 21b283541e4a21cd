using Portal.Testing.Processes;
using Portal.Testing.Up;

namespace Portal.E2E.Tests.Bench;

/// <summary>Runs the smoke form of an area.</summary>
internal static class Smoke
{
    public static Task<ToolResult> RunAsync(string area, string results, params string[] options) => Tool.TryRunAsync(
        "env", [$"PORTAL_BENCH_RESULTS={results}", "PORTAL_BENCH_BUILT=1", PortalUp.Script, "bench", area, "--smoke", .. options]);
}
