using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portal.Engine.Api.Streams;

namespace Portal.Engine.Api.Calls;

/// <summary>
/// Serves requests of Docker's API that came by no socket of its own, such as over the link to a portal: the same routes and handlers, without
/// HTTP's encoding on the way. Whoever calls has checked who may ask for what.
/// </summary>
/// <remarks>Singleton; any thread. The host gives it the routes once, when it maps them.</remarks>
public sealed class DockerCalls(IServiceProvider services)
{
    private RequestDelegate? _routes;

    /// <summary>Tells what serves the requests: the host's pipeline that ends in <c>MapDockerApi</c>.</summary>
    public void Serve(RequestDelegate routes) => _routes = routes;

    /// <summary>Serves one request; returns when all of its answer was sent.</summary>
    /// <exception cref="IOException">The answer was broken off: it is not whole.</exception>
    public async Task InvokeAsync(DockerCallRequest request, IDockerCaller caller, CancellationToken cancellationToken)
    {
        var routes = _routes ?? throw new InvalidOperationException("Docker's routes are not mapped.");
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = new DockerCallAnswer(caller, aborted.Token);
        var connection = new DockerConnection(ConnectionOf(request, caller, aborted.Token));
        await using (answer.ConfigureAwait(false))
        await using (connection.ConfigureAwait(false))
        {
            var context = new DefaultHttpContext(FeaturesOf(request, answer, connection, aborted)) { RequestServices = services };
            await routes(context).ConfigureAwait(false);
            if (context.Features.Get<IHttpRequestLifetimeFeature>() is CallLifetime { IsAborted: true })
            {
                throw new IOException("The engine broke the answer off.");
            }

            if (!connection.IsHijacked)
            {
                await answer.CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    private static FeatureCollection FeaturesOf(
        DockerCallRequest request, DockerCallAnswer answer, DockerConnection connection, CancellationTokenSource aborted)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers.Append(name, value);
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = request.Method,
            Scheme = "http",
            Protocol = HttpProtocol.Http11,
            Path = request.Path,
            QueryString = request.Query,
            Headers = headers,
            Body = request.Body,
        });
        features.Set<IHttpResponseFeature>(answer);
        features.Set<IHttpResponseBodyFeature>(answer);
        features.Set<IHttpRequestLifetimeFeature>(new CallLifetime(aborted));
        features.Set(connection);
        return features;
    }

    private static DefaultConnectionContext ConnectionOf(
        DockerCallRequest request, IDockerCaller caller, CancellationToken cancellationToken)
    {
        var output = new DockerCallStream(caller.TakeAsync, caller.SendAsync);
        return new DefaultConnectionContext(Guid.NewGuid().ToString())
        {
            Transport = new Duplex(PipeReader.Create(request.Connection), PipeWriter.Create(output)),
            ConnectionClosed = cancellationToken,
        };
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class CallLifetime(CancellationTokenSource aborted) : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; } = aborted.Token;

        public void Abort()
        {
            IsAborted = true;
            aborted.Cancel();
        }
    }
}
