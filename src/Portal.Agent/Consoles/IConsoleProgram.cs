using Portal.Engine.Runtime;

namespace Portal.Agent.Consoles;

/// <summary>What runs in a console. One reader at a time.</summary>
internal interface IConsoleProgram : IAsyncDisposable
{
    /// <summary>What was started.</summary>
    IReadOnlyList<string> Command { get; }

    /// <summary>The exec by which another agent finds it again; empty when there is none.</summary>
    string ExecId => "";

    /// <summary>False when lines end with LF alone.</summary>
    bool IsTerminal { get; }

    /// <summary>The next output, or null at its end; the memory is good until the next call. Whoever does not read holds it up.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken);

    /// <exception cref="IOException">The program has ended.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken);

    /// <summary>The exit code, once its output has ended.</summary>
    Task<int> WaitAsync(CancellationToken cancellationToken);

    /// <summary>Ends what was started for the console: SIGHUP, and SIGKILL five seconds later. Returns when it has ended, or is killed.</summary>
    Task HangUpAsync();
}
