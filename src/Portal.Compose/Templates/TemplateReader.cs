using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Compose.Loading;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Templates;

/// <summary>Reads what a Compose file says of itself as a template, strictly: whoever wrote it need not be a friend.</summary>
public static partial class TemplateReader
{
    private const string Key = "x-template";
    private const int MostVariables = 50;
    private const int MostChoices = 50;
    private const int ShortText = 128;
    private const int LongText = 1024;

    /// <summary>Reads one.</summary>
    /// <param name="file">Its name, for problems.</param>
    /// <param name="text">The Compose file.</param>
    /// <param name="limits">What it may be at most.</param>
    /// <returns>Null with at least one error when it is none. Whether the rest of it is a right Compose file is not looked at.</returns>
    public static (StackTemplate? Template, IReadOnlyList<ComposeProblem> Problems) Read(string file, string text, ComposeLimits limits)
    {
        var problems = new ProblemList();
        try
        {
            var documents = new YamlReader(limits, problems).Read(file, text);
            var template = documents is [ComposeMap { } root] && root.Map(Key) is { } head ? ReadHead(head, text, problems) : null;
            if (template is null && !problems.HasErrors)
            {
                problems.Error(new Mark(file, 1, 1), Key, $"A template is one Compose file with a map '{Key}'.");
            }

            return (problems.HasErrors ? null : template, problems.All);
        }
        catch (ComposeLimitException passed)
        {
            problems.Error(passed.Mark, passed.Key, passed.Message);
            return (null, problems.All);
        }
    }

    private static StackTemplate ReadHead(ComposeMap head, string text, ProblemList problems)
    {
        Refuse(head, Key, ["title", "category", "description", "link", "variables"], problems);
        var title = Text(head, Key, "title", ShortText, problems);
        if (title.Length == 0)
        {
            problems.Error(head.Mark, Key, "A template has a 'title'.");
        }

        var link = Text(head, Key, "link", LongText, problems);
        if (link.Length > 0 && !(Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            problems.Error(head["link"]!.Mark, $"{Key}.link", "This is an address over http or https.");
        }

        return new StackTemplate(
            title, Text(head, Key, "category", ShortText, problems), Text(head, Key, "description", LongText, problems), link,
            ReadVariables(head, problems), text);
    }

    private static List<TemplateVariable> ReadVariables(ComposeMap head, ProblemList problems)
    {
        if (head["variables"] is not { } given)
        {
            return [];
        }

        if (given is not ComposeMap { Entries.Count: <= MostVariables } variables)
        {
            problems.Error(given.Mark, $"{Key}.variables", $"This is a map of at most {MostVariables} variables by name.");
            return [];
        }

        return [.. variables.Entries.Select(entry => ReadVariable(entry, problems))];
    }

    private static TemplateVariable ReadVariable(ComposeEntry entry, ProblemList problems)
    {
        var key = $"{Key}.variables.{entry.Key}";
        if (!Name().IsMatch(entry.Key))
        {
            problems.Error(entry.Mark, key, "A variable's name has letters, digits and '_', at most 128, and no digit first.");
        }

        if (entry.Value is not ComposeMap map)
        {
            problems.Error(entry.Value.Mark, key, "This is a map: label, help, default, required, secret, choices, generate, characters.");
            return new TemplateVariable(entry.Key, entry.Key, "", "", false, false, [], 0, false);
        }

        Refuse(map, key, ["label", "help", "default", "required", "secret", "choices", "generate", "characters"], problems);
        var label = Text(map, key, "label", ShortText, problems);
        var variable = new TemplateVariable(
            entry.Key,
            label.Length > 0 ? label : entry.Key,
            Text(map, key, "help", LongText, problems),
            Text(map, key, "default", LongText, problems),
            Flag(map, key, "required", problems),
            Flag(map, key, "secret", problems),
            ReadChoices(map, key, problems),
            ReadGenerate(map, key, problems),
            Text(map, key, "characters", ShortText, problems) == "hex");
        if (Text(map, key, "characters", ShortText, problems) is not ("" or "hex" or "alphanumeric"))
        {
            problems.Error(map["characters"]!.Mark, $"{key}.characters", "This is 'hex' or 'alphanumeric'.");
        }

        if (variable.Default.Length > 0 && variable.WhyNot(variable.Default) is { } wrong)
        {
            problems.Error(map["default"]!.Mark, $"{key}.default", wrong);
        }

        return variable;
    }

    private static IReadOnlyList<string> ReadChoices(ComposeMap map, string key, ProblemList problems)
    {
        if (map["choices"] is not { } given)
        {
            return [];
        }

        var texts = map.Texts("choices");
        if (given is not ComposeList { Items.Count: >= 1 and <= MostChoices } list || texts.Count != list.Items.Count
            || texts.Any(text => text.Length is 0 or > LongText))
        {
            problems.Error(given.Mark, $"{key}.choices", $"This is a list of 1 to {MostChoices} values.");
            return [];
        }

        return texts;
    }

    private static int ReadGenerate(ComposeMap map, string key, ProblemList problems)
    {
        if (map["generate"] is not { } given)
        {
            return 0;
        }

        if (int.TryParse(map.Text("generate"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length is >= 8 and <= 128)
        {
            return length;
        }

        problems.Error(given.Mark, $"{key}.generate", "This is a number of characters, 8 to 128.");
        return 0;
    }

    private static bool Flag(ComposeMap map, string key, string name, ProblemList problems)
    {
        if (map[name] is { } given && map.Text(name) is not ("true" or "false"))
        {
            problems.Error(given.Mark, $"{key}.{name}", "This is true or false.");
        }

        return map.Flag(name);
    }

    private static string Text(ComposeMap map, string key, string name, int most, ProblemList problems)
    {
        if (map[name] is not { } given)
        {
            return "";
        }

        var text = map.Text(name);
        if (text is null || text.Length > most || text.Any(letter => char.IsControl(letter) && letter != '\n'))
        {
            problems.Error(given.Mark, $"{key}.{name}", $"This is a text of at most {most:N0} characters.");
        }

        return text ?? "";
    }

    private static void Refuse(ComposeMap map, string key, string[] known, ProblemList problems)
    {
        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            problems.Error(entry.Mark, $"{key}.{entry.Key}", $"There is no such key. Known are: {string.Join(", ", known)}.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
