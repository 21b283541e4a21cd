using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Streams;

/// <summary>Carries bytes between a client's connection and a process until the process's output ends or the client leaves.</summary>
internal sealed class ProcessRelay(IProcessStreams process, HijackedConnection client, ProcessRelayOptions options)
{
    private readonly List<byte> _passed = [];

    /// <returns>True when the process's output has ended; false when the client has left it.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = options.Stdin || options.IsWebSocket ? PumpInputAsync(leaving) : Task.CompletedTask;
        try
        {
            var ended = await PumpOutputAsync(leaving.Token).ConfigureAwait(false);
            if (ended)
            {
                await client.CloseAsync(input, leaving.Token).ConfigureAwait(false);
            }

            return ended;
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The client left by its detach keys or by closing a terminal; the process goes on.
            return false;
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);
            await input.ConfigureAwait(false);
        }
    }

    private async Task<bool> PumpOutputAsync(CancellationToken cancellationToken)
    {
        while (await process.ReadAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
        {
            // What the client did not ask for is read all the same: nobody else does, and the process must not be held up.
            if (chunk.Source == OutputSource.Stdout ? !options.Stdout : !options.Stderr)
            {
                continue;
            }

            if (!process.IsTerminal && !options.IsWebSocket)
            {
                StreamFrame.WriteHeader(client.Output, chunk.Source, chunk.Data.Length);
            }

            client.Output.Write(chunk.Data.Span);
            if (!await TryFlushAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            return !(await client.Output.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted;
        }
        catch (Exception failure) when (options.IsWebSocket && failure is IOException or WebSocketException or InvalidOperationException)
        {
            // It has closed, or is gone.
            return false;
        }
    }

    private async Task PumpInputAsync(CancellationTokenSource leaving)
    {
        try
        {
            var detached = await CopyInputAsync(leaving.Token).ConfigureAwait(false);
            if (!detached && options is { Stdin: true, CloseStdin: true })
            {
                await process.CloseInputAsync(leaving.Token).ConfigureAwait(false);
                if (!options.IsWebSocket)
                {
                    return;
                }
            }

            await leaving.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The output has ended, and with it the connection.
        }
        catch (IOException)
        {
            // The process has closed its input or ended, or the client is gone; the output side finds out which.
        }
    }

    private async Task<bool> CopyInputAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryReadAsync(cancellationToken).ConfigureAwait(false) is not { } read)
            {
                return false;
            }

            foreach (var segment in read.Buffer)
            {
                if (!segment.IsEmpty && await PassAsync(segment, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }
            }

            client.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return false;
            }
        }
    }

    // Null when a WebSocket's client is gone without a word, which is its leaving too.
    private async Task<ReadResult?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (options.IsWebSocket && failure is IOException or WebSocketException)
        {
            return null;
        }
    }

    private async Task<bool> PassAsync(ReadOnlyMemory<byte> segment, CancellationToken cancellationToken)
    {
        if (!options.Stdin)
        {
            return false;
        }

        if (options.DetachKeys is null)
        {
            await process.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
            return false;
        }

        _passed.Clear();
        var detached = options.DetachKeys.Filter(segment.Span, _passed);
        if (_passed.Count > 0)
        {
            await process.WriteAsync(_passed.ToArray(), cancellationToken).ConfigureAwait(false);
        }

        return detached;
    }
}
