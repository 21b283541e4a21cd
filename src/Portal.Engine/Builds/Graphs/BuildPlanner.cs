using System.Globalization;
using Portal.Engine.Builds.Dockerfiles;
using Portal.Engine.Builds.Dockerfiles.Expansion;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Execution.Mounts;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Builds.Graphs;

/// <summary>Cuts a Dockerfile into stages and finds those that a target needs.</summary>
internal sealed class BuildPlanner(Dockerfile file, BuildArguments arguments)
{
    private readonly List<BuildStage> _stages = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="EngineException">InvalidArgument: no such target, a bad name of an image, a stage that needs itself.</exception>
    public BuildPlan Plan(string target)
    {
        var rest = file.Instructions.ToList();
        while (rest[0] is ArgInstruction argument)
        {
            Located(argument, () => arguments.Declare(argument, file.Directives.Escape));
            rest.RemoveAt(0);
        }

        for (var start = 0; start < rest.Count;)
        {
            var end = rest.FindIndex(start + 1, instruction => instruction is FromInstruction);
            end = end < 0 ? rest.Count : end;
            var (from, following) = ((FromInstruction)rest[start], rest.GetRange(start + 1, end - start - 1));
            Located(from, () => _stages.Add(Make(from, following)));
            start = end;
        }

        var wanted = FindTarget(target);
        var needed = Needed(wanted);
        var steps = 0;
        var stages = new List<BuildStage>();
        foreach (var stage in _stages.Where(stage => needed.Contains(stage.Index)))
        {
            stages.Add(stage with { FirstStep = steps + 1 });
            steps += stage.Instructions.Count + 1;
        }

        // The target may stand before a stage that it does not need, never before one that it does.
        return new BuildPlan(stages, steps, _names);
    }

    private BuildStage Make(FromInstruction from, List<Instruction> following)
    {
        var index = _stages.Count;
        var image = Expand(from.Image);
        if (image.Length == 0)
        {
            throw new DockerfileSyntaxException($"base name ({from.Image}) should not be blank");
        }

        int? baseStage = _names.TryGetValue(image, out var known) && !IsNumber(image) ? known : null;
        var needs = new HashSet<int>();
        if (baseStage is { } below)
        {
            needs.Add(below);
        }

        var instructions = following.Select(WithFrom).ToList();
        foreach (var source in instructions.SelectMany(Sources))
        {
            if (_names.TryGetValue(source, out var stage))
            {
                needs.Add(stage);
            }
            else if (IsNumber(source))
            {
                throw new DockerfileSyntaxException($"invalid from flag value {source}: there is no stage with that number before this one");
            }
        }

        if (from.StageName is { } name)
        {
            _names[name] = index;
        }

        _names[index.ToString(CultureInfo.InvariantCulture)] = index;
        return new BuildStage
        {
            Index = index,
            From = from,
            Image = image,
            BaseStage = baseStage,
            Platform = from.Platform is null ? null : ParsePlatform(Expand(from.Platform)),
            Instructions = instructions,
            Needs = needs,
        };
    }

    private Instruction WithFrom(Instruction instruction) =>
        instruction is CopyInstruction { From: { } from } copy ? copy with { From = Expand(from) } : instruction;

    private IEnumerable<string> Sources(Instruction instruction) => instruction switch
    {
        CopyInstruction { From: { } from } => [from],
        RunInstruction run => run.Mounts.Select(mount => MountOptions.SourceOf(mount)).OfType<string>().Select(Expand),
        _ => [],
    };

    private int FindTarget(string target)
    {
        if (target.Length == 0)
        {
            return _stages.Count - 1;
        }

        return _names.TryGetValue(target, out var index)
            ? index
            : throw EngineException.InvalidArgument($"failed to reach build target {target} in Dockerfile");
    }

    private HashSet<int> Needed(int target)
    {
        // Stages only need earlier ones, so there is no circle.
        var needed = new HashSet<int>();
        var waiting = new Stack<int>([target]);
        while (waiting.TryPop(out var index))
        {
            if (needed.Add(index))
            {
                foreach (var below in _stages[index].Needs)
                {
                    waiting.Push(below);
                }
            }
        }

        return needed;
    }

    private string Expand(string text) => VariableExpander.Expand(text, file.Directives.Escape, arguments.Global);

    private void Located(Instruction instruction, Action action)
    {
        try
        {
            action();
        }
        catch (DockerfileSyntaxException problem)
        {
            throw DockerfileErrors.At(file.File, instruction.Line, problem.Message, problem);
        }
    }

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    private static ImagePlatform? ParsePlatform(string text)
    {
        return text.Split('/') switch
        {
            [""] => null,
            [var os, var architecture] when os.Length > 0 && architecture.Length > 0 => new ImagePlatform(os, architecture),
            [var os, var architecture, var variant] when os.Length > 0 && architecture.Length > 0 =>
                new ImagePlatform(os, architecture, variant.Length == 0 ? null : variant),
            _ => throw new DockerfileSyntaxException($"failed to parse platform {text}: it must look like linux/amd64"),
        };
    }
}
