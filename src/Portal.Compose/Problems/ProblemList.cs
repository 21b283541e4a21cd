using Portal.Compose.Nodes;

namespace Portal.Compose.Problems;

/// <summary>Gathers what is wrong, up to a bound: nobody reads the thousandth.</summary>
internal sealed class ProblemList
{
    private const int Most = 200;

    private readonly List<ComposeProblem> _problems = [];

    public IReadOnlyList<ComposeProblem> All => _problems;

    public bool HasErrors { get; private set; }

    public void Error(Mark mark, string key, string message) => Add(ComposeSeverity.Error, mark, key, message);

    public void Warning(Mark mark, string key, string message) => Add(ComposeSeverity.Warning, mark, key, message);

    public void Note(Mark mark, string key, string message) => Add(ComposeSeverity.Note, mark, key, message);

    private void Add(ComposeSeverity severity, Mark mark, string key, string message)
    {
        HasErrors |= severity == ComposeSeverity.Error;
        var problem = new ComposeProblem(severity, mark, key, message);

        // What an alias stands for is looked at wherever it is used, and is wrong only once.
        if (_problems.Count < Most && !_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }
}
