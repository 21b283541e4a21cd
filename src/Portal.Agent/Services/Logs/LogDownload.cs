using System.Globalization;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Errors;
using Portal.Engine.Logs;
using Portal.Engine.Runtime;

namespace Portal.Agent.Services.Logs;

/// <summary>Writes a container's whole log as text.</summary>
/// <remarks>Singleton; keeps no state.</remarks>
internal sealed class LogDownload(IContainerLogs logs)
{
    private const int PieceLength = 64 * 1024;

    public async Task WriteAsync(
        ReadLogsRequest request, IServerStreamWriter<ReadLogsResponse> responses, CancellationToken cancellationToken)
    {
        if (request.HasTail && request.Tail < 0)
        {
            throw EngineException.InvalidArgument("The number of lines can't be negative.");
        }

        var query = new LogQuery { Tail = request.HasTail ? request.Tail : null };
        using var piece = new MemoryStream(PieceLength + 1024);
        var goesOn = new HashSet<OutputSource>();
        await foreach (var record in logs.ReadAsync(request.Container, query, cancellationToken).ConfigureAwait(false))
        {
            // A time stands before each line, not before each part of one.
            if (request.Timestamps && !goesOn.Contains(record.Source))
            {
                piece.Write(FormatTime(record.Time));
            }

            _ = record.Partial ? goesOn.Add(record.Source) : goesOn.Remove(record.Source);
            piece.Write(record.Data.Span);
            if (piece.Length >= PieceLength)
            {
                await SendAsync(piece, responses, cancellationToken).ConfigureAwait(false);
            }
        }

        if (piece.Length > 0)
        {
            await SendAsync(piece, responses, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(
        MemoryStream piece, IServerStreamWriter<ReadLogsResponse> responses, CancellationToken cancellationToken)
    {
        var data = ByteString.CopyFrom(piece.GetBuffer().AsSpan(0, (int)piece.Length));
        await responses.WriteAsync(new ReadLogsResponse { Data = data }, cancellationToken).ConfigureAwait(false);
        piece.SetLength(0);
    }

    private static byte[] FormatTime(DateTimeOffset time)
    {
        // RFC 3339 with nine digits, as docker logs --timestamps writes it.
        var text = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes(text);
    }
}
