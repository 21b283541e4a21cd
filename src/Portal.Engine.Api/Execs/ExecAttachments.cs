using System.Collections.Concurrent;
using Portal.Engine.Api.Streams;

namespace Portal.Engine.Api.Execs;

/// <summary>
/// Keeps what was said when an exec was described until it is started. Bounded: what is never started is forgotten, oldest first,
/// and then shows all its output.
/// </summary>
internal sealed class ExecAttachments
{
    private const int Most = 4096;
    private readonly ConcurrentDictionary<string, ExecAttachment> _attachments = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public void Remember(string execId, ExecAttachment attachment)
    {
        _attachments[execId] = attachment;
        _order.Enqueue(execId);
        while (_order.Count > Most && _order.TryDequeue(out var oldest))
        {
            _attachments.TryRemove(oldest, out _);
        }
    }

    public ExecAttachment Take(string execId)
    {
        return _attachments.TryRemove(execId, out var attachment)
            ? attachment
            : new ExecAttachment(Stdout: true, Stderr: true, DetachKeys.Parse(null));
    }
}
