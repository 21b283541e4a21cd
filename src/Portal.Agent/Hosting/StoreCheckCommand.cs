using System.CommandLine;
using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images.Checking;
using Portal.Engine.Linux.Hosting;

namespace Portal.Agent.Hosting;

/// <summary>
/// <c>fsck</c>: asks the agent that runs to check its store, or checks it here when none runs. An agent holds its store alone.
/// </summary>
internal sealed class StoreCheckCommand(TextWriter output, TextWriter error)
{
    private const int Failed = 1;
    private readonly Option<bool> _mend = new("--mend") { Description = "Mend what can be mended; remove what nothing uses." };
    private readonly Option<bool> _quick = new("--quick") { Description = "Don't read contents to compare their digests." };

    public Command Make(Func<ParseResult, AgentSettings> read)
    {
        const string Description =
            "Checks what is stored of images: every digest, layer, image and root. Exits with 0 when all is well in the end.";
        var command = new Command("fsck", Description) { _mend, _quick };
        command.SetAction((result, cancellationToken) => RunAsync(
            read(result),
            new StoreCheckRequest { Mend = result.GetValue(_mend), ReadContents = !result.GetValue(_quick) },
            cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(AgentSettings settings, StoreCheckRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var held = AgentLock.TryTake(settings.Paths.Lock);
            return held is null
                ? await AskAsync(settings.Paths.DockerSocket, request, cancellationToken).ConfigureAwait(false)
                : await CheckHereAsync(settings, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is EngineException or HttpRequestException or IOException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return Failed;
        }
    }

    private async Task<int> CheckHereAsync(AgentSettings settings, StoreCheckRequest request, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddEngine(settings.ToEngineOptions());
        services.AddLinuxEngine();
        var provider = services.BuildServiceProvider();
        await using (provider.ConfigureAwait(false))
        {
            var report = await provider.GetRequiredService<IStoreCheck>()
                .RunAsync(request, new Printer(this), cancellationToken).ConfigureAwait(false);
            Tell(report.Images, report.Layers, report.Blobs, report.Bytes, report.UnusedBytes, report.FreedBytes);
            return report.IsSound ? 0 : Failed;
        }
    }

    private async Task<int> AskAsync(string socket, StoreCheckRequest request, CancellationToken cancellationToken)
    {
        using var client = new EngineClient(socket);
        using var message = new HttpRequestMessage(
            HttpMethod.Post, $"/portal/store/check?mend={(request.Mend ? 1 : 0)}&quick={(request.ReadContents ? 0 : 1)}");
        using var answer = await client.SendAsync(message, cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            if (Print(document.RootElement) is { } code)
            {
                return code;
            }
        }

        await error.WriteLineAsync("The agent ended before the check did.").ConfigureAwait(false);
        return Failed;
    }

    private int? Print(JsonElement line)
    {
        if (line.TryGetProperty("error", out var failure))
        {
            error.WriteLine(failure.GetString());
            return Failed;
        }

        if (line.TryGetProperty("Problem", out var problem))
        {
            TellProblem(problem.GetProperty("Outcome").GetString()!, problem.GetProperty("Message").GetString()!);
        }

        if (!line.TryGetProperty("Report", out var report))
        {
            return null;
        }

        long Number(string name) => report.GetProperty(name).GetInt64();
        Tell(Number("Images"), Number("Layers"), Number("Blobs"), Number("Bytes"), Number("UnusedBytes"), Number("FreedBytes"));
        return report.GetProperty("IsSound").GetBoolean() ? 0 : Failed;
    }

    private void TellProblem(string outcome, string message) => output.WriteLine($"{outcome.ToLowerInvariant()}: {message}");

    private void Tell(long images, long layers, long blobs, long bytes, long unused, long freed)
    {
        output.WriteLine($"Checked {images} images, {layers} layers, {blobs} blobs of {bytes} bytes.");
        if (unused > 0)
        {
            output.WriteLine(freed > 0
                ? $"Removed {freed} bytes that nothing used."
                : $"{unused} bytes are used by nothing; --mend removes them.");
        }
    }

    private sealed class Printer(StoreCheckCommand command) : IProgress<StoreCheckProgress>
    {
        public void Report(StoreCheckProgress value)
        {
            if (value.Problem is { } problem)
            {
                command.TellProblem(problem.Outcome.ToString(), problem.Message);
            }
        }
    }
}
