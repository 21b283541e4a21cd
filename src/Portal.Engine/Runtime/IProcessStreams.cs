namespace Portal.Engine.Runtime;

/// <summary>
/// A connection to a process's standard streams. One reader and one writer at a time. Disposing it ends the connection, not the process.
/// </summary>
public interface IProcessStreams : IAsyncDisposable
{
    /// <summary>True when the process has a terminal: then all output is <see cref="OutputSource.Stdout"/>, raw.</summary>
    bool IsTerminal { get; }

    /// <summary>
    /// The next output, or null at its end. The memory is valid until the next call. Whoever does not read holds the process up once the kernel's buffers are full.
    /// </summary>
    ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Sends input.</summary>
    /// <exception cref="IOException">The process has closed its input or ended.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default);

    /// <summary>Ends the input: the process reads end-of-file. Output goes on.</summary>
    ValueTask CloseInputAsync(CancellationToken cancellationToken = default);
}
