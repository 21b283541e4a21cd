using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Spawning;

namespace Portal.Engine.Linux.Runtime;

/// <summary>Runs a program of the host to its end.</summary>
internal static class Command
{
    private const int OutputLimit = 1 << 20;
    private const int SigKill = 9;

    /// <summary>Runs it. When cancelled, it is killed.</summary>
    public static Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(program, arguments, [], cancellationToken);

    /// <summary>Runs it with further variables, which only this host's root reads. When cancelled, it is killed.</summary>
    public static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var output = ChildChannel.Create();
        using var error = ChildChannel.Create();
        var processId = Spawner.Spawn(new SpawnRequest
        {
            Program = program,
            Arguments = arguments,
            Environment = [$"PATH={Programs.SearchPath}", .. environment],
            WorkingDirectory = "/",
            Stdout = output.Child,
            Stderr = error.Child,
        });
        output.CloseChildEnd();
        error.CloseChildEnd();
        try
        {
            var texts = await Task.WhenAll(
                output.ReadToEndAsync(OutputLimit, cancellationToken),
                error.ReadToEndAsync(OutputLimit, cancellationToken)).ConfigureAwait(false);

            // Both streams have ended, so the process ends now: this wait is no wait.
            return new CommandResult(ProcessCalls.Wait(processId) ?? -1, texts[0], texts[1]);
        }
        catch (OperationCanceledException)
        {
            Kill(processId);
            throw;
        }
    }

    private static void Kill(int processId)
    {
        var handle = ProcessCalls.OpenHandle(processId);
        if (handle >= 0)
        {
            _ = ProcessCalls.SendSignal(handle, SigKill);
            ProcessCalls.Close(handle);
        }

        _ = ProcessCalls.Wait(processId);
    }
}
