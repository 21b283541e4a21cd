using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Builds;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Builds;

/// <summary>Prune of the cache: all that no running build uses, or what <c>keep-storage</c> and the filters leave over.</summary>
internal sealed class BuildPruneHandler(IBuilder builder)
{
    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "until", "unused-for", "id");
        var pruning = new BuildCachePruning
        {
            KeepBytes = Bytes(context, "keep-storage"),
            UnusedFor = Age(filters, "until") ?? Age(filters, "unused-for"),
            Ids = filters.Values("id"),
        };
        var pruned = await builder.PruneCacheAsync(pruning, context.RequestAborted).ConfigureAwait(false);
        var answer = new BuildPruneAnswer(pruned.Ids, pruned.FreedBytes);
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.BuildPruneAnswer).ConfigureAwait(false);
    }

    private static TimeSpan? Age(DockerFilters filters, string name)
    {
        return filters.Values(name) switch
        {
            [] => null,
            [var text, ..] when GoDuration.TryParse(text, out var age) => age,
            [var text, ..] => throw EngineException.InvalidArgument($"invalid filter '{name}={text}'"),
        };
    }

    private static long Bytes(HttpContext context, string key)
    {
        var text = context.Query(key);
        return string.IsNullOrEmpty(text) ? 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes
            : throw EngineException.InvalidArgument($"Bad parameter '{key}': '{text}' is not a whole number.");
    }
}
