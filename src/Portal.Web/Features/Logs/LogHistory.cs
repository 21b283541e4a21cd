using System.Security.Claims;
using Google.Protobuf.WellKnownTypes;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Containers;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Logs;

/// <summary>Reads what was written before or after a moment, of several containers beside each other. Each call asks for the permission.</summary>
public sealed class LogHistory(INodeCalls calls, TimeProvider time)
{
    private const int PageLength = 500;
    private const int ContextLength = 200;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>The next lines before those that the browser has.</summary>
    public Task<(IReadOnlyList<LogPage> Pages, string? Error)> ReadOlderAsync(
        ClaimsPrincipal user,
        IReadOnlyList<LogCursor> cursors,
        Func<int, ContainerKey?> find,
        CancellationToken cancellationToken) =>
        ReadAllAsync(
            user,
            cursors,
            find,
            cursor => new() { Until = Stamp(LogMoment.End(cursor.At)), Skip = cursor.Skip, Limit = PageLength },
            cancellationToken);

    /// <summary>The next lines after those that the browser has.</summary>
    public Task<(IReadOnlyList<LogPage> Pages, string? Error)> ReadNewerAsync(
        ClaimsPrincipal user,
        IReadOnlyList<LogCursor> cursors,
        Func<int, ContainerKey?> find,
        CancellationToken cancellationToken) =>
        ReadAllAsync(
            user,
            cursors,
            find,
            cursor => new() { Since = Stamp(LogMoment.Begin(cursor.At)), Skip = cursor.Skip, Limit = PageLength },
            cancellationToken);

    /// <summary>Lines up to a moment, or those after it.</summary>
    public Task<(IReadOnlyList<LogPage> Pages, string? Error)> ReadAroundAsync(
        ClaimsPrincipal user,
        IReadOnlyList<int> sources,
        long at,
        bool back,
        Func<int, ContainerKey?> find,
        CancellationToken cancellationToken)
    {
        var cursors = sources.Select(source => new LogCursor(source, at, 0)).ToList();
        return ReadAllAsync(user, cursors, find, Request, cancellationToken);

        ReadLogLinesRequest Request(LogCursor cursor) => back
            ? new() { Until = Stamp(LogMoment.End(cursor.At)), Limit = ContextLength }
            : new() { Since = Stamp(LogMoment.Begin(cursor.At + 1)), Limit = ContextLength };
    }

    private async Task<(IReadOnlyList<LogPage> Pages, string? Error)> ReadAllAsync(
        ClaimsPrincipal user,
        IReadOnlyList<LogCursor> cursors,
        Func<int, ContainerKey?> find,
        Func<LogCursor, ReadLogLinesRequest> request,
        CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(cursors.Take(LogSelection.Most).Select(cursor => ReadAsync(cursor)));
        return ([.. pages.Select(page => page.Page)], pages.Select(page => page.Error).FirstOrDefault(error => error is not null));

        async Task<(LogPage Page, string? Error)> ReadAsync(LogCursor cursor)
        {
            var (none, key) = (new LogPage(cursor.Source, [], More: false), find(cursor.Source));
            try
            {
                return (key is null ? none : await ReadOneAsync(user, key, cursor, request(cursor), cancellationToken), null);
            }
            catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
            {
                // The others are shown all the same; without an end of this one its reading would begin again and again.
                return (none, $"{key!.Name}: {Told(failure.Message)}");
            }
        }
    }

    private async Task<LogPage> ReadOneAsync(
        ClaimsPrincipal user, ContainerKey key, LogCursor cursor, ReadLogLinesRequest request, CancellationToken cancellationToken)
    {
        request.Container = key.Id;
        request.Skip = Math.Clamp(request.Skip, 0, 100_000);
        var answer = await calls.ReadAsync(
            user,
            key.NodeId,
            PermissionNames.ContainersLogs,
            async invoker => await new ContainerService.ContainerServiceClient(invoker)
                .ReadLogLinesAsync(request, deadline: (time.GetUtcNow() + s_patience).UtcDateTime, cancellationToken: cancellationToken),
            cancellationToken);
        return new LogPage(
            cursor.Source,
            [.. answer.Lines.Select(line => new object[] { LogMoment.Of(line.Time.ToDateTimeOffset()), line.IsError ? 1 : 0, line.Text })],
            answer.More);
    }

    private static Timestamp Stamp(DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);
}
