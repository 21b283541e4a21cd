using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>
/// A running call without its message types: its end, which comes once and from whichever cause is first, and the
/// cancellation of everything that still runs when it has come.
/// </summary>
internal abstract class GrpcCall : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly DateTime? _deadline;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenRegistration _channelRegistration;
    private ITimer? _timer;
    private Status _status;
    private Metadata? _trailers;
    private bool _finished;

    protected GrpcCall(GrpcChannel channel, CallOptions options)
    {
        Channel = channel;
        Options = options;
        Token = _source.Token;
        _deadline = CheckDeadline(options.Deadline);
    }

    public GrpcChannel Channel { get; }

    public CallOptions Options { get; }

    /// <summary>Cancelled when the call ended, unless it ended with both streams complete.</summary>
    public CancellationToken Token { get; }

    public Task<Metadata> ResponseHeadersAsync => _headers.Task;

    public bool Finished
    {
        get
        {
            lock (_lock)
            {
                return _finished;
            }
        }
    }

    private bool DeadlinePassed => _deadline is { } at && Channel.TimeProvider.GetUtcNow().UtcDateTime >= at;

    public Status GetStatus()
    {
        lock (_lock)
        {
            return _finished
                ? _status
                : throw new InvalidOperationException("Unable to get the status because the call is not complete.");
        }
    }

    public Metadata GetTrailers()
    {
        lock (_lock)
        {
            return _finished
                ? _trailers ??= []
                : throw new InvalidOperationException("Can't get the call trailers because the call has not completed.");
        }
    }

    public void Dispose() => Finish(new Status(StatusCode.Cancelled, "gRPC call disposed."), null, cancel: true);

    public void CancelByCaller() =>
        Finish(new Status(StatusCode.Cancelled, "Call canceled by the client."), null, cancel: true);

    /// <summary>Ends the call with what went wrong, unless it has ended.</summary>
    public void Fail(Exception exception)
    {
        var status = StatusMapping.FromException(exception);
        if (status.StatusCode == StatusCode.Cancelled && DeadlinePassed)
        {
            // The server's clock was first: it reset the stream at the deadline.
            status = DeadlineStatus(exception);
        }

        Finish(status, (exception as RpcException)?.Trailers, cancel: true);
    }

    /// <summary>Ends the call, unless it has ended.</summary>
    public void Finish(Status status, Metadata? trailers, bool cancel)
    {
        lock (_lock)
        {
            if (_finished)
            {
                return;
            }

            (_finished, _status, _trailers) = (true, status, trailers);
        }

        _timer?.Dispose();
        _callerRegistration.Unregister();
        _channelRegistration.Unregister();
        if (!_headers.Task.IsCompleted && _headers.TrySetException(ToException()))
        {
            // Most callers never look at the headers; their task must not count as unobserved.
            _ = _headers.Task.Exception;
        }

        if (cancel)
        {
            _source.Cancel();
        }

        Release();
    }

    /// <summary>The exception of a call that ended.</summary>
    public Exception ToException()
    {
        var status = GetStatus();
        var exception = new RpcException(status, GetTrailers());
        return Channel.ThrowOperationCanceled
            && status.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded
            && Token.IsCancellationRequested
            ? new OperationCanceledException(status.Detail, exception, Options.CancellationToken)
            : exception;
    }

    /// <summary>Starts what can end the call from outside: deadline, caller's token, end of the channel.</summary>
    protected void Watch()
    {
        if (_deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            StartTimer(deadline - Channel.TimeProvider.GetUtcNow().UtcDateTime);
        }

        _callerRegistration = Options.CancellationToken.UnsafeRegister(
            static state => ((GrpcCall)state!).CancelByCaller(), this);
        _channelRegistration = Channel.Disposal.UnsafeRegister(static state => ((GrpcCall)state!).Dispose(), this);
        if (Finished)
        {
            // It ended while the lines above ran, and so did not see all of them.
            _timer?.Dispose();
            _callerRegistration.Unregister();
            _channelRegistration.Unregister();
        }
    }

    /// <summary>The time left, as the header has it; null without a deadline.</summary>
    protected string? FormatTimeout() => _deadline is { } deadline && deadline != DateTime.MaxValue
        ? TimeoutFormat.Format(deadline - Channel.TimeProvider.GetUtcNow().UtcDateTime)
        : null;

    protected void SetResponseHeaders(Metadata headers) => _headers.TrySetResult(headers);

    /// <summary>Gives back what the call holds, now that it ended.</summary>
    protected abstract void Release();

    private static Status DeadlineStatus(Exception? cause) => new(StatusCode.DeadlineExceeded, "Deadline Exceeded", cause);

    private static DateTime? CheckDeadline(DateTime? deadline) =>
        deadline is { Kind: not DateTimeKind.Utc } at && at != DateTime.MaxValue && at != DateTime.MinValue
            ? throw new InvalidOperationException("Deadline must have a kind DateTimeKind.Utc or be equal to "
                + "DateTime.MaxValue or DateTime.MinValue.")
            : deadline;

    private void StartTimer(TimeSpan left)
    {
        if (left <= TimeSpan.Zero)
        {
            Finish(DeadlineStatus(null), null, cancel: true);
        }
        else if (left.TotalMilliseconds < int.MaxValue)
        {
            _timer = Channel.TimeProvider.CreateTimer(
                static state => ((GrpcCall)state!).Finish(DeadlineStatus(null), null, cancel: true),
                this,
                TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)),
                Timeout.InfiniteTimeSpan);
        }
    }
}
