using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Builds;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Builds;

/// <summary>
/// Prune of the cache: what no running build uses and no image has, with <c>all</c> the latter too; less what <c>keep-storage</c> and the
/// filters leave.
/// </summary>
internal sealed class BuildPruneHandler(IBuilder builder, TimeProvider clock)
{
    public async Task PruneAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(
            context, "until", "unused-for", "id", "parent", "type", "description", "inuse", "shared", "private", "label", "label!");

        // Entries have no parents and no labels here (docker system prune passes its filter on), and those in use are never removed: then
        // nothing is meant.
        var isNothing = filters.Values("parent").Count > 0 || filters.Values("label").Count > 0 || Truth(filters, "inuse") == true
            || (Truth(filters, "shared") is { } shared && Truth(filters, "private") == shared);
        var pruning = new BuildCachePruning
        {
            KeepBytes = Bytes(context, "keep-storage"),
            UnusedFor = Age(filters, "until") ?? Age(filters, "unused-for"),
            Ids = filters.Values("id"),
            KeepShared = !context.Flag("all"),
            Kind = One(filters, "type"),
            Description = One(filters, "description"),
            IsShared = Truth(filters, "shared") ?? !Truth(filters, "private"),
        };
        var pruned = isNothing
            ? new BuildCachePruned([], 0)
            : await builder.PruneCacheAsync(pruning, context.RequestAborted).ConfigureAwait(false);
        var answer = new BuildPruneAnswer(pruned.Ids, pruned.FreedBytes);
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.BuildPruneAnswer).ConfigureAwait(false);
    }

    private TimeSpan? Age(DockerFilters filters, string name)
    {
        return filters.Values(name) switch
        {
            [] => null,
            [var text, ..] when GoDuration.TryParse(text, out var age) => age,
            [var text, ..] when GoTime.TryParse(text, out var moment) => clock.GetUtcNow() - moment,
            [var text, ..] => throw EngineException.InvalidArgument($"invalid filter '{name}={text}'"),
        };
    }

    private static string? One(DockerFilters filters, string name)
    {
        return filters.Values(name) switch
        {
            [] => null,
            [var text] => text,
            _ => throw EngineException.InvalidArgument($"filters expect only one value for '{name}'"),
        };
    }

    private static bool? Truth(DockerFilters filters, string name)
    {
        return One(filters, name)?.ToLowerInvariant() switch
        {
            null => null,
            "" or "1" or "t" or "true" => true,
            "0" or "f" or "false" => false,
            var text => throw EngineException.InvalidArgument($"invalid filter '{name}={text}'"),
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
