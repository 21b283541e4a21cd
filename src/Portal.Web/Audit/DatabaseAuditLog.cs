using System.Collections.Concurrent;
using Portal.Data.Entities;
using Portal.Web.Audit.Chain;

namespace Portal.Web.Audit;

/// <summary>Writes entries into the database, each chained to the one before (see <see cref="AuditChain"/>).</summary>
/// <remarks>
/// Singleton; any thread. A chain has one end, so writers take turns; whoever's turn it is writes what the others have brought meanwhile with theirs,
/// in one transaction: many at once cost hardly more than one.
/// </remarks>
internal sealed class DatabaseAuditLog(AuditChain chain, TimeProvider time) : IAuditLog, IDisposable
{
    private const int MostAtOnce = 256;
    private readonly ConcurrentQueue<Pending> _queue = [];
    private readonly SemaphoreSlim _turn = new(1);

    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending(ToRecord(entry));
        _queue.Enqueue(pending);

        // From here on it is written, whether or not anybody waits for it.
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            while (!pending.Written.IsCompleted)
            {
                await WriteNextAsync();
            }
        }
        finally
        {
            _turn.Release();
        }

        await pending.Written;
    }

    public void Dispose() => _turn.Dispose();

    private async Task WriteNextAsync()
    {
        var batch = new List<Pending>();
        while (batch.Count < MostAtOnce && _queue.TryDequeue(out var next))
        {
            batch.Add(next);
        }

        try
        {
            await chain.AppendAsync([.. batch.Select(pending => pending.Record)], CancellationToken.None);
            batch.ForEach(pending => pending.Done());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            batch.ForEach(pending => pending.Failed(failure));
        }
    }

    private AuditRecord ToRecord(AuditEntry entry) => new()
    {
        At = AuditHash.Instant(time.GetUtcNow()),
        ActorId = entry.Actor.UserId,
        ActorName = Fit(entry.Actor.UserName, 256),
        Address = Fit(entry.Actor.Address, 64),
        Action = Fit(entry.Action, 64),
        ObjectType = Fit(entry.ObjectType, 64),
        ObjectId = Fit(entry.ObjectId, 256),
        ObjectName = Fit(entry.ObjectName, 512),
        NodeId = entry.NodeId,
        Outcome = NameOf(entry.Outcome),
        Detail = Fit(entry.Detail, 4096),
    };

    internal static string NameOf(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Succeeded => "succeeded",
        AuditOutcome.Failed => "failed",
        AuditOutcome.Denied => "denied",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    // Names come from people and machines. PostgreSQL refuses NUL and half a surrogate pair; an entry that is cut is better than none.
    private static string Fit(string text, int length)
    {
        var clean = text.Replace('\0', '\uFFFD');
        if (clean.Length > length)
        {
            clean = clean[..length];
        }

        return clean.Any(char.IsSurrogate) ? new string([.. clean.EnumerateRunes().SelectMany(rune => rune.ToString())]) : clean;
    }

    private sealed class Pending(AuditRecord record)
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AuditRecord Record { get; } = record;

        public Task Written => _written.Task;

        public void Done() => _written.SetResult();

        public void Failed(Exception failure) => _written.SetException(failure);
    }
}
