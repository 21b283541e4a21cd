using System.Buffers;
using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Puts the parts of lines together again, up to Docker's bound of 16 KiB a message.</summary>
internal sealed class LogAssembler
{
    /// <summary>Bytes of a message; what is longer is sent as several.</summary>
    public const int LongestLine = 16 * 1024;

    private readonly ArrayBufferWriter<byte>[] _parts = [new(), new()];
    private readonly DateTimeOffset[] _times = new DateTimeOffset[2];

    /// <summary>True while no line is begun: only then is a place in the file one to go on from.</summary>
    public bool IsEmpty => _parts[0].WrittenCount == 0 && _parts[1].WrittenCount == 0;

    /// <summary>Takes a record and gives the messages that are complete with it. Their memory is valid until the next call.</summary>
    public IEnumerable<LogMessage> Add(LogRecord record)
    {
        var index = record.Source == OutputSource.Stdout ? 0 : 1;
        var part = _parts[index];
        var data = record.Data;
        if (!record.Partial && data.Span is [.., (byte)'\n'])
        {
            data = data[..^1];
        }

        if (part.WrittenCount == 0)
        {
            _times[index] = record.Time;
            if (!record.Partial && data.Length <= LongestLine)
            {
                yield return new LogMessage(record.Time, record.Source, data, Partial: false);
                yield break;
            }
        }

        while (true)
        {
            var taken = Math.Min(data.Length, LongestLine - part.WrittenCount);
            part.Write(data.Span[..taken]);
            data = data[taken..];
            if (data.IsEmpty)
            {
                break;
            }

            yield return new LogMessage(_times[index], record.Source, part.WrittenMemory, Partial: true);
            part.ResetWrittenCount();
            _times[index] = record.Time;
        }

        if (!record.Partial)
        {
            yield return new LogMessage(_times[index], record.Source, part.WrittenMemory, Partial: false);
            part.ResetWrittenCount();
        }
    }
}
