namespace Portal.Engine.Runtime;

/// <summary>
/// A program on the host with a terminal. One reader and one writer at a time. Whoever does not read holds it up. Disposing it closes the
/// terminal, with which the kernel hangs the program up.
/// </summary>
public interface IHostShell : IAsyncDisposable
{
    /// <summary>The program and its arguments.</summary>
    IReadOnlyList<string> Command { get; }

    /// <summary>The next output, or null at its end. The memory is valid until the next call.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Sends input.</summary>
    /// <exception cref="IOException">The program has ended.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken = default);

    /// <summary>Changes the size of its terminal.</summary>
    void Resize(TerminalSize size);

    /// <summary>Sends it a signal; nothing when it has ended.</summary>
    void Signal(int signal);

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code; 128 and the signal's number when one ended it.</returns>
    Task<int> WaitAsync(CancellationToken cancellationToken = default);
}
