namespace Portal.Engine.Networks.Dns;

/// <summary>
/// Asks other name servers, the container's own or else the host's, and remembers their answers for as long as these say, within bounds.
/// </summary>
internal sealed class DnsForwarder(TimeProvider time, IDnsUpstream upstream) : IDisposable
{
    private const int MostAtOnce = 256;

    private readonly SemaphoreSlim _permits = new(MostAtOnce, MostAtOnce);
    private readonly DnsCache _cache = new(time);

    /// <summary>The answer to a query that <see cref="DnsQuestion"/> could read; a server failure when nobody answers in time.</summary>
    public async Task<byte[]> AskAsync(byte[] query, NameClient? client, bool isStream, CancellationToken cancellationToken)
    {
        var servers = client is { Servers.Count: > 0 } ? client.Servers : upstream.HostServers();
        var key = DnsCache.KeyOf(query, servers, isStream);
        if (_cache.Find(key) is { } known)
        {
            return WithHeadOf(known, query);
        }

        if (!await _permits.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            return Failure(query);
        }

        try
        {
            foreach (var server in servers)
            {
                if (await upstream.TryAskAsync(server, query, isStream, cancellationToken).ConfigureAwait(false) is { } answer)
                {
                    _cache.Add(key, answer);
                    return WithHeadOf(answer, query);
                }
            }
        }
        finally
        {
            _permits.Release();
        }

        return Failure(query);
    }

    public void Dispose() => _permits.Dispose();

    /// <summary>The answer with the asker's id and its own spelling of the name, whose case differs from what others were asked.</summary>
    private static byte[] WithHeadOf(byte[] answer, byte[] query)
    {
        var own = (byte[])answer.Clone();
        query.AsSpan(0, 2).CopyTo(own);
        _ = DnsQuestion.TryRead(query, out var question);
        if (question is not null && own.Length >= question.End && (own[4] | own[5]) != 0)
        {
            query.AsSpan(DnsQuestion.HeaderLength..question.End).CopyTo(own.AsSpan(DnsQuestion.HeaderLength));
        }

        return own;
    }

    private static byte[] Failure(byte[] query)
    {
        _ = DnsQuestion.TryRead(query, out var question);
        return DnsAnswer.Empty(query, question, DnsAnswer.ServerFailure);
    }
}
