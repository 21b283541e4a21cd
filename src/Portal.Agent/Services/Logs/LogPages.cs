using Google.Protobuf.WellKnownTypes;
using Portal.Agent.Telemetry;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Errors;
using Portal.Engine.Logs;

namespace Portal.Agent.Services.Logs;

/// <summary>Reads a container's log page by page, back from a moment or forward from one.</summary>
/// <remarks>Singleton; keeps no state.</remarks>
internal sealed class LogPages(IContainerLogs logs)
{
    private const int MostLines = 1000;
    private const int MostSkipped = 100_000;

    // A page is one message.
    private const int MostCharacters = 512 * 1024;

    public async Task<ReadLogLinesResponse> ReadAsync(ReadLogLinesRequest request, CancellationToken cancellationToken)
    {
        if (request.Limit is < 1 or > MostLines || request.Skip is < 0 or > MostSkipped)
        {
            throw EngineException.InvalidArgument($"A page has 1 to {MostLines} lines.");
        }

        if (request.Since is not null && request.Until is not null)
        {
            throw EngineException.InvalidArgument("A log is read back from a moment or forward from one, not both.");
        }

        return request.Since is null
            ? await ReadBackAsync(request, cancellationToken).ConfigureAwait(false)
            : await ReadForwardAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ReadLogLinesResponse> ReadBackAsync(ReadLogLinesRequest request, CancellationToken cancellationToken)
    {
        // One more than is wanted tells whether there is more.
        var query = new LogQuery
        {
            Tail = request.Limit + request.Skip + 1,
            TailWithinTime = true,
            Until = request.Until?.ToDateTimeOffset(),
        };
        var lines = new List<Contracts.Hubs.LogLine>();
        await foreach (var line in LinesAsync(request.Container, query, cancellationToken).ConfigureAwait(false))
        {
            lines.Add(line);
        }

        var end = Math.Max(0, lines.Count - request.Skip);
        var begin = end;
        for (var characters = 0; begin > 0 && end - begin < request.Limit; begin--)
        {
            characters += lines[begin - 1].Text.Length;
            if (characters > MostCharacters && begin < end)
            {
                break;
            }
        }

        return Answer(lines[begin..end], begin > 0);
    }

    private async Task<ReadLogLinesResponse> ReadForwardAsync(ReadLogLinesRequest request, CancellationToken cancellationToken)
    {
        var lines = new List<Contracts.Hubs.LogLine>();
        var (skipped, characters) = (0, 0);
        var query = new LogQuery { Since = request.Since.ToDateTimeOffset() };
        await foreach (var line in LinesAsync(request.Container, query, cancellationToken).ConfigureAwait(false))
        {
            if (skipped++ < request.Skip)
            {
                continue;
            }

            characters += line.Text.Length;
            if (lines.Count == request.Limit || (characters > MostCharacters && lines.Count > 0))
            {
                return Answer(lines, more: true);
            }

            lines.Add(line);
        }

        return Answer(lines, more: false);
    }

    private async IAsyncEnumerable<Contracts.Hubs.LogLine> LinesAsync(
        string container, LogQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var assembler = new LogLineAssembler();
        await foreach (var record in logs.ReadAsync(container, query, cancellationToken).ConfigureAwait(false))
        {
            if (assembler.Add(record) is { } line)
            {
                yield return line;
            }
        }
    }

    private static ReadLogLinesResponse Answer(List<Contracts.Hubs.LogLine> lines, bool more)
    {
        var response = new ReadLogLinesResponse { More = more };
        response.Lines.AddRange(lines.Select(line => new LogLine
        {
            Time = Timestamp.FromDateTimeOffset(line.Time),
            IsError = line.IsError,
            Text = line.Text,
        }));
        return response;
    }
}
