using Portal.Data.Streams;

namespace Portal.Web.Features.Builds.Running;

/// <summary>
/// Where a build that runs in the background and the request that brings its context meet. Nothing is kept: the build reads from the
/// request's body.
/// </summary>
/// <remarks>Any thread; one request at most brings it.</remarks>
public sealed class BuildContext
{
    private readonly TaskCompletionSource<Stream> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _received;
    private int _taken;

    /// <summary>Bytes that have come.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Bytes that will come; null while that is not known.</summary>
    public long? Total { get; private set; }

    /// <summary>Gives the build what it waits for, until it has read all of it or needs no more.</summary>
    /// <returns>False when another request gave it already, or the build is over.</returns>
    internal async Task<bool> BringAsync(Stream body, long? length, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0 || _over.Task.IsCompleted)
        {
            return false;
        }

        Total = length;
        _given.TrySetResult(new CountingStream(body, count => Interlocked.Add(ref _received, count), () => _over.TrySetResult()));
        await _over.Task.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>Waits for the request.</summary>
    internal Task<Stream> ReceiveAsync(TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken) =>
        _given.Task.WaitAsync(deadline, time, cancellationToken);

    /// <summary>The build needs no more.</summary>
    internal void Abandon() => _over.TrySetResult();

    private sealed class CountingStream(Stream body, Action<int> count, Action atEnd) : ReadOnlyStream
    {
        private bool _isAtEnd;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_isAtEnd)
            {
                // The request is over by now, and its body with it.
                return 0;
            }

            int read;
            try
            {
                read = await body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // However a server says that the browser is gone, and also once the request is over.
                throw new IOException(N("The browser broke off."), failure);
            }

            count(read);
            if (read == 0)
            {
                _isAtEnd = true;
                atEnd();
            }

            return read;
        }
    }
}
