using System.ComponentModel;
using System.Diagnostics;
using Portal.Engine.Errors;

namespace Portal.Agent.Upgrades;

/// <summary>Looks whether an unpacked version is one, and runs on this host at all: what can be known before it is put on trial.</summary>
internal static class VersionProbe
{
    private const int LongestWords = 300;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Checks it.</summary>
    /// <param name="folder">The version.</param>
    /// <param name="build">What it is said to be built from.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <exception cref="EngineException">Invalid argument: it is no agent, another one, or does not run here.</exception>
    public static async Task CheckAsync(string folder, string build, CancellationToken cancellationToken)
    {
        var program = Path.Combine(folder, "agent", "Portal.Agent");
        var said = Path.Combine(folder, "BUILD");
        if (!File.Exists(program) || !File.Exists(said))
        {
            throw EngineException.InvalidArgument("The archive is not one of an agent: it has no agent/Portal.Agent, or no BUILD.");
        }

        var found = (await File.ReadAllTextAsync(said, cancellationToken).ConfigureAwait(false)).Trim();
        if (found != build)
        {
            throw EngineException.InvalidArgument($"The archive holds another build than {build}, which was offered.");
        }

        var start = new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, $"The new agent does not run on this host: {failure.Message}.", failure);
        }

        await AwaitAsync(process, cancellationToken).ConfigureAwait(false);
    }

    private static async Task AwaitAsync(Process process, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, either.Token);
            var words = ReadWordsAsync(process.StandardError, either.Token);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
            await output.ConfigureAwait(false);
            var said = await words.ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw EngineException.InvalidArgument(
                    $"The new agent does not run on this host: exit status {process.ExitCode}. {said}".TrimEnd());
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineException.InvalidArgument(
                $"The new agent does not run on this host: it had not told its version after {s_patience.TotalSeconds} seconds.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<string> ReadWordsAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[LongestWords];
        var count = await reader.ReadBlockAsync(buffer, cancellationToken).ConfigureAwait(false);
        await reader.BaseStream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        return new string(buffer, 0, count).Trim();
    }
}
