using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.Engine.Api.Calls;

/// <summary>The answer to one request: what a server gives its handlers to write to.</summary>
internal sealed class DockerCallAnswer : IHttpResponseFeature, IHttpResponseBodyFeature, IAsyncDisposable
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly IDockerCaller _caller;
    private readonly CancellationToken _aborted;
    private readonly DockerCallStream _stream;

    public DockerCallAnswer(IDockerCaller caller, CancellationToken aborted)
    {
        _caller = caller;
        _aborted = aborted;
        _stream = new DockerCallStream(BeginAsync, caller.SendAsync);
        Writer = PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));
    }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    public Stream Stream => _stream;

    public PipeWriter Writer { get; }

    Stream IHttpResponseFeature.Body
    {
        get => _stream;
        set => throw new NotSupportedException("The answer is the server's to send.");
    }

    public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state)
    {
        // Nothing of ours waits for the end of an answer.
    }

    public void DisableBuffering()
    {
        // Nothing is buffered beyond a flush.
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => _stream.BeginAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_stream, path, offset, count, cancellationToken);

    public async Task CompleteAsync()
    {
        await Writer.FlushAsync(_aborted).ConfigureAwait(false);
        await StartAsync(_aborted).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        while (_starting.TryPop(out var starting))
        {
            await starting.Callback(starting.State).ConfigureAwait(false);
        }

        HasStarted = true;
        var headers = Headers.SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value ?? ""));
        await _caller.BeginAsync(StatusCode, headers, cancellationToken).ConfigureAwait(false);
    }
}
