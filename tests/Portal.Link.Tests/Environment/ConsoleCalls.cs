using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Testing;
using Call = Grpc.Core.AsyncDuplexStreamingCall<
    Portal.Contracts.Consoles.V1.OpenConsoleRequest, Portal.Contracts.Consoles.V1.OpenConsoleResponse>;

namespace Portal.Link.Tests.Environment;

/// <summary>Reads what consoles and their recordings answer.</summary>
internal static class ConsoleCalls
{
    /// <summary>The next thing that is told, but who looks on and who shares: that may change between any two pieces of output.</summary>
    public static async Task<OpenConsoleResponse> NextAsync(Call console)
    {
        using var soon = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        do
        {
            Assert.True(await console.ResponseStream.MoveNext(soon.Token));
        }
        while (console.ResponseStream.Current.EventCase == OpenConsoleResponse.EventOneofCase.Changed);

        return console.ResponseStream.Current;
    }

    /// <summary>Reads to the end, and gives how the program ended; null when that was not told.</summary>
    public static async Task<ConsoleExited?> DrainAsync(Call console)
    {
        using var soon = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        ConsoleExited? exited = null;
        var last = "";
        try
        {
            while (await console.ResponseStream.MoveNext(soon.Token))
            {
                exited = console.ResponseStream.Current.Exited;
                last = console.ResponseStream.Current.Output?.ToStringUtf8() ?? last;
            }
        }
        catch (RpcException) when (soon.IsCancellationRequested)
        {
            Assert.Fail($"It does not end. The last that it showed:\n{last[^Math.Min(last.Length, 500)..]}");
        }

        return exited;
    }

    /// <summary>What is shown up to where a text is in it.</summary>
    public static async Task<string> ReadUntilAsync(Call console, string text)
    {
        var shown = "";
        while (!shown.Contains(text, StringComparison.Ordinal))
        {
            shown += (await NextAsync(console)).Output?.ToStringUtf8();
        }

        return shown;
    }

    /// <summary>A recording, as far as the node has it.</summary>
    public static async Task<string> ReadAsync(ConsoleService.ConsoleServiceClient client, string id)
    {
        using var call = client.ReadRecording(new ReadRecordingRequest { Id = id });
        var text = "";
        while (await call.ResponseStream.MoveNext(default))
        {
            text += call.ResponseStream.Current.Data.ToStringUtf8();
        }

        return text;
    }
}
