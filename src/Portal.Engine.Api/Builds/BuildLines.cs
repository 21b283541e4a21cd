using System.Globalization;
using System.Text;
using Portal.Engine.Api.Builds.Models;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Images.Models;
using Portal.Engine.Builds;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Builds;

/// <summary>Tells a build in the classic builder's words. One for each build.</summary>
internal sealed class BuildLines(bool isQuiet)
{
    // A character may be cut between two pieces of output: each stream of each step goes on where it was.
    private readonly Dictionary<(int Step, OutputSource Source), Decoder> _decoders = [];

    public IEnumerable<BuildProgressModel> Map(BuildEvent told)
    {
        if (isQuiet)
        {
            return [];
        }

        return told.Kind switch
        {
            BuildEventKind.Started => [Text($"Step {told.Step}/{told.Steps} : {told.Text}"), Text("\n")],
            BuildEventKind.Output => Output(told),
            BuildEventKind.Note => [Text($"{told.Text}\n")],
            BuildEventKind.Cached => [Text(" ---> Using cache\n")],
            BuildEventKind.Running => [Text($" ---> Running in {told.Text}\n")],
            BuildEventKind.Removed => [Text($"Removing intermediate container {told.Text}\n")],
            BuildEventKind.Finished => [Text($" ---> {told.Text}\n")],
            BuildEventKind.Warning => [Warning(told.Text)],
            _ => told.Transfer is { } transfer && new PullSteps("").Map(transfer) is { } step ? [Pulling(step)] : [],
        };
    }

    public IEnumerable<BuildProgressModel> Success(string id, IEnumerable<string> names)
    {
        if (isQuiet)
        {
            return [Text($"{id}\n")];
        }

        return
        [
            new BuildProgressModel { Aux = new BuildAuxModel(id) },
            Text($"Successfully built {id["sha256:".Length..][..12]}\n"),
            .. names.Select(name => Text($"Successfully tagged {name}\n")),
        ];
    }

    public BuildProgressModel Failure(EngineException failure) => new()
    {
        ErrorDetail = new BuildErrorModel { Code = failure is BuildStepException step ? step.ExitCode : 0, Message = failure.Message },
        Error = failure.Message,
    };

    private static BuildProgressModel Warning(string text) => Text($"[Warning] {text}\n");

    private static BuildProgressModel Text(FormattableString text) => new() { Stream = text.ToString(CultureInfo.InvariantCulture) };

    private static BuildProgressModel Text(string text) => new() { Stream = text };

    private static BuildProgressModel Pulling(ProgressModel step) => new()
    {
        Status = step.Status, Detail = step.Detail, Bar = step.Bar, Id = step.Id,
    };

    private IEnumerable<BuildProgressModel> Output(BuildEvent told)
    {
        var key = (told.Step, told.Source);
        if (!_decoders.TryGetValue(key, out var decoder))
        {
            _decoders[key] = decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
        }

        var letters = new char[told.Output.Length + 2];
        var count = decoder.GetChars(told.Output.Span, letters, flush: false);
        return count == 0 ? [] : [Text(new string(letters, 0, count))];
    }
}
