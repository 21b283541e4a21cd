using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Images.Saving;

namespace Portal.Engine.Api.Images;

/// <summary>Save.</summary>
internal sealed class ImageSaveHandler(IImageArchives archives)
{
    public Task SaveOneAsync(HttpContext context) => SaveAsync(context, [context.ImageName("/get")]);

    public Task SaveManyAsync(HttpContext context)
    {
        return SaveAsync(context, [.. context.Request.Query["names"].OfType<string>().Where(name => name.Length > 0)]);
    }

    private async Task SaveAsync(HttpContext context, IReadOnlyList<string> names)
    {
        var platform = ImagePlatforms.Parse(context.Query("platform"));

        // An unknown name is an ordinary error: nothing is written, and so no header sent, before all are found.
        context.Response.ContentType = "application/x-tar";
        await archives.SaveAsync(names, context.Response.Body, platform, context.RequestAborted).ConfigureAwait(false);
    }
}
