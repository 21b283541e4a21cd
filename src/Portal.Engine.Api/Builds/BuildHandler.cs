using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Routing;
using Portal.Engine.Builds;

namespace Portal.Engine.Api.Builds;

/// <summary>Build.</summary>
internal sealed class BuildHandler(IBuilder builder)
{
    public async Task BuildAsync(HttpContext context)
    {
        var request = BuildRequests.Read(context);
        var lines = new BuildLines(context.Flag("q"));
        context.Response.ContentType = "application/json";
        var stream = new BuildStream(context);
        var body = request.Remote is null ? context.Request.Body : null;
        await stream
            .RunAsync(token => BuildAsync(request, body, lines, stream, token), failure => lines.Failure(failure))
            .ConfigureAwait(false);
    }

    private async Task BuildAsync(
        BuildRequest request, Stream? body, BuildLines lines, BuildStream stream, CancellationToken cancellationToken)
    {
        var progress = new Relay(told => stream.AddAll(lines.Map(told)));
        var image = await builder.BuildAsync(request, body, progress, cancellationToken).ConfigureAwait(false);
        stream.AddAll(lines.Success(image.Id, request.Names.Select(name => ImageNames.Familiar(ImageNames.WithTag(name)))));
    }

    private sealed class Relay(Action<BuildEvent> report) : IProgress<BuildEvent>
    {
        public void Report(BuildEvent value) => report(value);
    }
}
