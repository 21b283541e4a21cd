using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;

namespace Portal.Engine.Api.Images;

/// <summary>Save.</summary>
internal sealed class ImageSaveHandler(IImageArchives archives, IImages images)
{
    public Task SaveOneAsync(HttpContext context) => SaveAsync(context, [context.ImageName("/get")]);

    public Task SaveManyAsync(HttpContext context)
    {
        return SaveAsync(context, [.. context.Request.Query["names"].OfType<string>().Where(name => name.Length > 0)]);
    }

    private async Task SaveAsync(HttpContext context, IReadOnlyList<string> names)
    {
        if (context.Query("platform") is { Length: > 0 } platform)
        {
            await CheckPlatformAsync(names, platform, context.RequestAborted).ConfigureAwait(false);
        }

        // An unknown name is an ordinary error: nothing is written, and so no header sent, before all are found.
        context.Response.ContentType = "application/x-tar";
        await archives.SaveAsync(names, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task CheckPlatformAsync(IReadOnlyList<string> names, string platform, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            var image = await images.InspectAsync(name, cancellationToken).ConfigureAwait(false);
            if (!ImagePlatforms.Matches(image.Platform, platform))
            {
                throw EngineException.NotFound($"The image '{name}' is here for {image.Platform} only.");
            }
        }
    }
}
