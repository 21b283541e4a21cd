using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Portal.Contracts.Metrics.Otlp;

/// <summary>Brings requests to a collector, over HTTP.</summary>
/// <remarks>Any thread. A collector that is busy or away is tried again a few times; then what it did not take is lost: newer values follow.</remarks>
public sealed class OtlpClient : IDisposable
{
    private const int Attempts = 4;
    private const int LongestAnswer = 65_536;
    private const int LongestReason = 300;
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestCall = TimeSpan.FromSeconds(10);
    private readonly OtlpOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <param name="options">Where to.</param>
    /// <param name="time">The clock of waits.</param>
    public OtlpClient(OtlpOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;

        // No redirect is followed: the headers may hold a token.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = s_longestCall, MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    /// <summary>Sends requests one after another, and gives up with the first that does not arrive.</summary>
    /// <param name="requests">Of <see cref="OtlpWriter.ToRequests"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What went wrong, for the log; null when the collector took all.</returns>
    public async Task<string?> SendAsync(IEnumerable<byte[]> requests, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var request in requests)
        {
            var (outcome, said) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            problem = said ?? problem;
            if (outcome is not Outcome.Taken)
            {
                break;
            }
        }

        return problem;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private enum Outcome
    {
        Taken,
        Refused,
        AskAgain,
    }

    private async Task<(Outcome Outcome, string? Problem)> SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        var wait = s_firstWait;
        for (var attempt = 1; ; attempt++)
        {
            var (outcome, problem, after) = await TryAsync(body, cancellationToken).ConfigureAwait(false);
            if (outcome is not Outcome.AskAgain || attempt == Attempts)
            {
                return (outcome, problem);
            }

            var pause = after is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, s_longestWait.Ticks)) : wait;
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
            wait *= 2;
        }
    }

    private async Task<(Outcome Outcome, string? Problem, TimeSpan? After)> TryAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.EndPoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("gzip");
        foreach (var (name, value) in _options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var answer = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode)
            {
                var said = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
                return (Outcome.Taken, ReadRefusal(said), null);
            }

            var problem = $"It answered {(int)answer.StatusCode}.";
            return answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
                ? (Outcome.AskAgain, problem, AskedWait(answer.Headers.RetryAfter))
                : (Outcome.Refused, problem, null);
        }
        catch (HttpRequestException failure)
        {
            return (Outcome.AskAgain, failure.Message, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (Outcome.AskAgain, $"It did not answer within {s_longestCall.TotalSeconds:0} s.", null);
        }
    }

    private TimeSpan? AskedWait(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);

    // Answer: partial success 1; of it how many values were refused 1, and why 2. A collector that says nothing took all.
    private static string? ReadRefusal(byte[] answer)
    {
        try
        {
            var input = new CodedInputStream(answer);
            var (refused, why) = (0L, "");
            while (input.ReadTag() is > 0 and var tag)
            {
                if (WireFormat.GetTagFieldNumber(tag) != 1 || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
                {
                    input.SkipLastField();
                    continue;
                }

                var inner = input.ReadBytes().CreateCodedInput();
                while (inner.ReadTag() is > 0 and var part)
                {
                    switch (WireFormat.GetTagFieldNumber(part), WireFormat.GetTagWireType(part))
                    {
                        case (1, WireFormat.WireType.Varint):
                            refused = inner.ReadInt64();
                            break;
                        case (2, WireFormat.WireType.LengthDelimited):
                            why = inner.ReadString();
                            why = why[..Math.Min(why.Length, LongestReason)];
                            break;
                        default:
                            inner.SkipLastField();
                            break;
                    }
                }
            }

            return refused > 0 ? $"It refused {refused} values: {why}" : why.Length > 0 ? $"It took all, and says: {why}" : null;
        }
        catch (InvalidProtocolBufferException)
        {
            // It is no message of the protocol; the status says that all arrived.
            return null;
        }
    }
}
