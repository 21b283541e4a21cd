using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Containers.Mapping;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Hosts;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Containers;

/// <summary>Create.</summary>
internal sealed class ContainerCreateHandler(IContainers containers, IImages images, IHostFacts host)
{
    public async Task CreateAsync(HttpContext context)
    {
        var request = await DockerJson.ReadAsync(context, DockerJsonContext.Default.ContainerCreateRequest).ConfigureAwait(false);
        var warnings = new List<string>();
        var spec = ContainerSpecs.Parse(request, context.Query("name"), warnings) with
        {
            Platform = ImagePlatforms.Parse(context.Query("platform")),
        };
        await CheckImageAsync(spec.Image, spec.Platform, warnings, context).ConfigureAwait(false);
        var created = await containers.CreateAsync(spec, context.RequestAborted).ConfigureAwait(false);
        var answer = new CreateAnswer(created.Id, [.. warnings, .. created.Warnings]);
        await DockerJson
            .WriteAsync(context, answer, DockerJsonContext.Default.CreateAnswer, StatusCodes.Status201Created)
            .ConfigureAwait(false);
    }

    /// <summary>The CLI pulls when it is told that the image is missing, in these words and with this status.</summary>
    private async Task CheckImageAsync(string name, ImagePlatform? platform, List<string> warnings, HttpContext context)
    {
        ImageDetails image;
        try
        {
            image = await images.InspectAsync(name, context.RequestAborted).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            throw new EngineException(EngineErrorKind.NotFound, $"No such image: {ImageNames.WithTag(name)}", failure);
        }

        // For another one the client pulls as well, when the answer is the same status.
        image = platform is null ? image : await images.InspectAsync(name, platform, context.RequestAborted).ConfigureAwait(false);
        if (context.Query("platform") is { Length: > 0 } text && !ImagePlatforms.Matches(image.Platform, text))
        {
            throw EngineException.NotFound(
                $"image with reference {name} was found but its platform ({image.Platform}) does not match the specified platform ({text})");
        }

        var facts = platform is null ? await host.ReadAsync(context.RequestAborted).ConfigureAwait(false) : null;
        if (facts is { PlatformArchitecture.Length: > 0 } && image.Platform.Architecture != facts.PlatformArchitecture)
        {
            warnings.Add(
                $"The requested image's platform ({image.Platform}) does not match the detected host platform "
                + $"(linux/{facts.PlatformArchitecture}) and no specific platform was requested");
        }
    }
}
