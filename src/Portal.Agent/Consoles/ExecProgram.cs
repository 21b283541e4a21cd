using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>A program beside the container's own.</summary>
internal sealed partial class ExecProgram(
    string execId, IReadOnlyList<string> command, IProcessStreams streams, IExecs execs, TimeProvider time, ILogger logger)
    : IConsoleProgram
{
    private const int HangUp = 1;
    private const int Kill = 9;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    public IReadOnlyList<string> Command => command;

    public string ExecId => execId;

    public bool IsTerminal => true;

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken) =>
        (await streams.ReadAsync(cancellationToken).ConfigureAwait(false))?.Data;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        streams.WriteAsync(input, cancellationToken);

    public async Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        try
        {
            await execs.ResizeAsync(execId, size, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.Conflict)
        {
            LogGone(execId, failure.Kind);
        }
    }

    public Task<int> WaitAsync(CancellationToken cancellationToken) => execs.WaitAsync(execId, cancellationToken);

    public async Task HangUpAsync()
    {
        try
        {
            if (!(await execs.InspectAsync(execId).ConfigureAwait(false)).Running)
            {
                return;
            }

            await execs.KillAsync(execId, HangUp).ConfigureAwait(false);
            using var grace = new CancellationTokenSource(s_grace, time);
            try
            {
                await execs.WaitAsync(execId, grace.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (grace.IsCancellationRequested)
            {
                LogKilled(execId);
                await execs.KillAsync(execId, Kill).ConfigureAwait(false);
            }
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.Conflict)
        {
            // It ended by itself, or the container is gone with everything in it.
            LogGone(execId, failure.Kind);
        }
    }

    public ValueTask DisposeAsync() => streams.DisposeAsync();

    [LoggerMessage(3210, LogLevel.Debug, "Console {ExecId} has ended already ({Kind}).")]
    private partial void LogGone(string execId, EngineErrorKind kind);

    [LoggerMessage(3211, LogLevel.Information, "Console {ExecId} did not end when it was hung up and is killed.")]
    private partial void LogKilled(string execId);
}
