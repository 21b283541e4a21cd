using Portal.Engine.Containers.Processes;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime;

namespace Portal.Engine.Linux.Processes;

/// <summary>Runs the host's <c>ps</c>.</summary>
internal sealed class HostProcessLister : IProcessLister
{
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        var program = Programs.Find("ps") ?? throw new EngineException(
            EngineErrorKind.Unavailable, "The program 'ps' is not on this host. Install the package 'procps', or give no arguments for it.");
        var result = await Command.RunAsync(program, arguments, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0
            ? result.Output
            : throw EngineException.InvalidArgument($"ps: {FirstLine(result.Error)}");
    }

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var first, ..] ? first : "it failed";
}
