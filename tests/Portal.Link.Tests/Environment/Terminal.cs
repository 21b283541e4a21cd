using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Testing;

namespace Portal.Link.Tests.Environment;

/// <summary>Somebody at a console: types and reads.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly AsyncDuplexStreamingCall<OpenConsoleRequest, OpenConsoleResponse> _call;
    private string _id = "";
    private long _position;

    private Terminal(AsyncDuplexStreamingCall<OpenConsoleRequest, OpenConsoleResponse> call) => _call = call;

    public static async Task<Terminal> OpenAsync(CallInvoker invoker, OpenConsoleRequest first)
    {
        var terminal = new Terminal(new ConsoleService.ConsoleServiceClient(invoker).OpenConsole());
        await terminal._call.RequestStream.WriteAsync(first);
        var opened = (await terminal.NextAsync()).Opened;
        (terminal._id, terminal._position) = (opened.Console.Id, opened.Position);
        return terminal;
    }

    /// <summary>Goes on with the same console, where this terminal stopped reading.</summary>
    public OpenConsoleRequest Rejoin() => new() { Join = new ConsoleJoin { Console = _id, Position = _position } };

    public Task TypeAsync(string text) => _call.RequestStream.WriteAsync(new OpenConsoleRequest { Input = ByteString.CopyFromUtf8(text) });

    public async Task ReadUntilAsync(string text)
    {
        var shown = new StringBuilder();
        while (!shown.ToString().Contains(text, StringComparison.Ordinal))
        {
            shown.Append((await NextAsync()).Output?.ToStringUtf8());

            // Of a flood only the end may hold what is looked for.
            if (shown.Length > 200_000)
            {
                shown.Remove(0, shown.Length - 100_000);
            }
        }
    }

    public async Task ReadAtLeastAsync(long bytes)
    {
        for (long read = 0; read < bytes;)
        {
            read += (await NextAsync()).Output?.Length ?? 0;
        }
    }

    public async Task<int> ReadExitAsync()
    {
        while (true)
        {
            if ((await NextAsync()).Exited is { } exited)
            {
                return exited.ExitCode;
            }
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task<OpenConsoleResponse> NextAsync()
    {
        using var soon = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(60)));
        Assert.True(await _call.ResponseStream.MoveNext(soon.Token));
        var response = _call.ResponseStream.Current;
        _position += response.Output?.Length ?? 0;
        return response;
    }
}
