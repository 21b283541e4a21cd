using System.CommandLine;
using System.Text.Json;
using Portal.Engine.Errors;

namespace Portal.Agent.Hosting.Volumes;

/// <summary><c>volume ls|inspect|backup|restore</c>: volumes of the agent that runs here.</summary>
internal sealed class VolumeCommands(TextWriter output, TextWriter error)
{
    private const int Failed = 1;
    private const string Pipe = "-";
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private readonly Argument<string> _volume = new("volume") { Description = "The volume's name." };

    /// <summary>Where archives go and come from when the file is <c>-</c>.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <inheritdoc cref="OpenOutput"/>
    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    public Command Make(Func<ParseResult, AgentSettings> read) =>
        new("volume", "Lists, shows, backs up and restores the volumes of the agent that runs here.")
        {
            MakeList(read), MakeInspect(read), MakeBackup(read), MakeRestore(read),
        };

    private Command MakeList(Func<ParseResult, AgentSettings> read)
    {
        var quiet = new Option<bool>("--quiet") { Description = "Names alone.", Aliases = { "-q" } };
        var command = new Command("ls", "Lists volumes with their sizes and how many containers use them.") { quiet };
        command.SetAction((result, token) => TellAsync(read, result, async client =>
        {
            using var answer = await client.GetAsync("/system/df?type=volume", token).ConfigureAwait(false);
            VolumeTable.Write(output, answer.RootElement.GetProperty("Volumes"), result.GetValue(quiet));
        }));
        return command;
    }

    private Command MakeInspect(Func<ParseResult, AgentSettings> read)
    {
        var volumes = new Argument<string[]>("volume") { Description = "Names.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("inspect", "Shows volumes as documents, as 'docker volume inspect' does.") { volumes };
        command.SetAction((result, token) => TellAsync(read, result, async client =>
        {
            var found = new List<JsonElement>();
            foreach (var name in result.GetRequiredValue(volumes))
            {
                using var answer = await client.GetAsync($"/volumes/{Uri.EscapeDataString(name)}", token).ConfigureAwait(false);
                found.Add(answer.RootElement.Clone());
            }

            await output.WriteLineAsync(JsonSerializer.Serialize(found, s_indented)).ConfigureAwait(false);
        }));
        return command;
    }

    private Command MakeBackup(Func<ParseResult, AgentSettings> read)
    {
        var file = new Argument<string>("file")
        {
            Description = "Where to: a file, VOLUME.tar.zst unless given, or - for the output.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var pause = new Option<bool>("--pause") { Description = "Pause the containers that run with it meanwhile." };
        var stop = new Option<bool>("--stop") { Description = "Stop the containers that run with it meanwhile, and start them again." };
        var force = new Option<bool>("--force") { Description = "Overwrite the file." };
        const string Description =
            "Writes a volume as an archive: tar in zstd, with a checksum within. Prints the line that sha256sum -c reads.";
        var command = new Command("backup", Description) { _volume, file, pause, stop, force };
        command.Validators.Add(result =>
        {
            if (result.GetValue(pause) && result.GetValue(stop))
            {
                result.AddError("Give --pause or --stop, not both.");
            }
        });
        command.SetAction((result, token) => TellAsync(read, result, client => BackupAsync(
            client,
            result.GetRequiredValue(_volume),
            result.GetValue(file) ?? $"{result.GetRequiredValue(_volume)}.tar.zst",
            result.GetValue(pause) ? "pause" : result.GetValue(stop) ? "stop" : "leave",
            result.GetValue(force),
            token)));
        return command;
    }

    private Command MakeRestore(Func<ParseResult, AgentSettings> read)
    {
        var file = new Argument<string>("file") { Description = "The archive, or - for the input." };
        var replace = new Option<bool>("--replace") { Description = "Let files be in the volume: the archive's take their place." };
        var stop = new Option<bool>("--stop") { Description = "Stop the containers that run with it for the swap, and start them again." };
        var digest = new Option<string>("--digest")
        {
            Description = "What the archive must be, as sha256:HEX. The checksum within is compared anyway.",
            DefaultValueFactory = _ => "",
        };
        const string Description =
            "Puts an archive's files into a volume, which is made when there is none. "
            + "The volume is as it was until all is unpacked and found whole.";
        var command = new Command("restore", Description) { _volume, file, replace, stop, digest };
        command.SetAction((result, token) => TellAsync(read, result, client => RestoreAsync(
            client,
            result.GetRequiredValue(_volume),
            result.GetRequiredValue(file),
            (result.GetValue(replace), result.GetValue(stop), result.GetRequiredValue(digest)),
            token)));
        return command;
    }

    private async Task BackupAsync(
        EngineClient client, string volume, string file, string users, bool force, CancellationToken cancellationToken)
    {
        using var meter = new TransferMeter(error, "written");
        var transfers = new VolumeTransfers(client, meter.Count);
        string digest;
        if (file == Pipe)
        {
            using var to = OpenOutput();
            digest = await transfers.BackupAsync(
                volume, users, (from, progress, token) => ArchiveFile.CopyAsync(from, to, progress, token), cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            if (!force)
            {
                ArchiveFile.CheckNew(file);
            }

            digest = await transfers.BackupAsync(
                volume, users, (from, progress, token) => ArchiveFile.WriteAsync(file, force, from, progress, token), cancellationToken)
                .ConfigureAwait(false);
        }

        meter.Clear();
        await (file == Pipe ? error : output).WriteLineAsync($"{digest["sha256:".Length..]}  {file}").ConfigureAwait(false);
        await error.WriteLineAsync($"Backed up volume {volume}: {Size.Format(meter.Bytes)}.").ConfigureAwait(false);
    }

    private async Task RestoreAsync(
        EngineClient client, string volume, string file, (bool Replaces, bool Stops, string Digest) options,
        CancellationToken cancellationToken)
    {
        using var from = file == Pipe ? OpenInput() : File.OpenRead(file);
        using var meter = new TransferMeter(error, "read");
        var made = await new VolumeTransfers(client, meter.Count)
            .RestoreAsync(volume, from, options.Replaces, options.Stops, options.Digest, cancellationToken).ConfigureAwait(false);
        meter.Clear();
        await output.WriteLineAsync(
            $"{(made.IsNew ? "Made and restored" : "Restored")} volume {volume}: {made.Entries} entries, {Size.Format(made.Bytes)}.")
            .ConfigureAwait(false);
    }

    private async Task<int> TellAsync(Func<ParseResult, AgentSettings> read, ParseResult result, Func<EngineClient, Task> action)
    {
        try
        {
            using var client = new EngineClient(read(result).Paths.DockerSocket);
            await action(client).ConfigureAwait(false);
            return 0;
        }
        catch (Exception failure) when (failure is EngineException or IOException or HttpRequestException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(failure.Message).ConfigureAwait(false);
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped. No file is left, no volume changed, and containers that were held are brought back.")
                .ConfigureAwait(false);
            return Failed;
        }
    }
}
