using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Registries.Models;
using Portal.Engine.Api.Routing;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Registries;

/// <summary>What is asked of registries without pulling.</summary>
internal sealed class RegistryQueryHandlers(IRegistryQueries queries)
{
    private const int DefaultLimit = 25;

    public async Task SearchAsync(HttpContext context)
    {
        var filters = DockerFilters.Read(context, "is-automated", "is-official", "stars");
        var limit = context.Number("limit") is { } number and not 0 ? number : DefaultLimit;
        var (server, term) = Split(context.Query("term") ?? "");
        var found = await queries
            .SearchAsync(server, term, limit, RegistryAuth.Read(context), context.RequestAborted)
            .ConfigureAwait(false);
        var rows = found.Repositories.Where(repository => Fits(repository, filters)).Select(Row).ToList();
        await DockerJson.WriteAsync(context, rows, DockerJsonContext.Default.ListSearchResultModel).ConfigureAwait(false);
    }

    public async Task DescribeAsync(HttpContext context)
    {
        var image = await queries
            .DescribeAsync(context.ImageName("/json"), RegistryAuth.Read(context), context.RequestAborted)
            .ConfigureAwait(false);
        var model = new DistributionModel(
            new DescriptorModel(image.MediaType, image.Digest, image.Size),
            [.. image.Platforms.Select(platform => new PlatformModel(platform.Architecture, platform.Os, platform.Variant))]);
        await DockerJson.WriteAsync(context, model, DockerJsonContext.Default.DistributionModel).ConfigureAwait(false);
    }

    /// <summary>The first part is a registry where it could be one before an image's name.</summary>
    private static (string Server, string Term) Split(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw EngineException.InvalidArgument("invalid repository name: repository name (with scheme) must not have a scheme");
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        return first.AsSpan().ContainsAny('.', ':') || first == "localhost" ? (first, text[(slash + 1)..]) : ("", text);
    }

    private static bool Fits(FoundRepository repository, DockerFilters filters)
    {
        return (filters.Flag("is-automated") is not { } automated || automated == repository.IsAutomated)
            && (filters.Flag("is-official") is not { } official || official == repository.IsOfficial)
            && filters.Values("stars").All(text => repository.Stars >= Stars(text));
    }

    private static int Stars(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stars)
        ? stars
        : throw EngineException.InvalidArgument($"invalid filter 'stars={text}'");

    private static SearchResultModel Row(FoundRepository repository) => new(
        repository.Stars, repository.IsOfficial, repository.Name, repository.IsAutomated, repository.Description);
}
