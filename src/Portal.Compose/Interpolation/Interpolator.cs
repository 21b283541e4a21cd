using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Interpolation;

/// <summary>Puts variables into all values of a file; keys stay as they are.</summary>
internal sealed class Interpolator(ProblemList problems, int longest)
{
    private long _used;

    public ComposeNode Apply(ComposeNode node, Variables variables, string key = "") => node switch
    {
        ComposeScalar scalar when scalar.Text.Contains('$') => Expand(scalar, variables, key),
        ComposeList list => new ComposeList(
            [.. list.Items.Select((item, index) => Apply(item, variables, $"{key}[{index}]"))], list.Mark, list.Tag),
        ComposeMap map => new ComposeMap(
            [.. map.Entries.Select(entry => entry with { Value = Apply(entry.Value, variables, Below(key, entry.Key)) })], map.Mark,
                map.Tag),
        _ => node,
    };

    private static string Below(string key, string name) => key.Length == 0 ? name : $"{key}.{name}";

    private ComposeScalar Expand(ComposeScalar scalar, Variables variables, string key)
    {
        try
        {
            var text = new Template(scalar.Text, variables, name => Missing(scalar, key, name), longest).Expand();
            _used += text.Length;
            return _used <= longest
                ? new ComposeScalar(text, ScalarKind.Interpolated, scalar.Mark, scalar.Tag)
                : throw new ComposeLimitException(scalar.Mark, key,
                    $"With its variables the project is longer than {longest:N0} characters.");
        }
        catch (TemplateException wrong)
        {
            problems.Error(scalar.Mark, key, wrong.Message);
            return scalar;
        }
    }

    private void Missing(ComposeScalar scalar, string key, string name) =>
        problems.Warning(scalar.Mark, key, $"The variable '{name}' is not set; it is empty here.");
}
