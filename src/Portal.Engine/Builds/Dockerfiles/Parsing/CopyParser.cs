using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles.Parsing;

/// <summary><c>COPY</c> and <c>ADD</c>.</summary>
internal static class CopyParser
{
    private static readonly string[] s_both = ["chown", "chmod", "link?", "exclude*"];
    private static readonly string[] s_copy = [.. s_both, "from", "parents?"];
    private static readonly string[] s_add = [.. s_both, "checksum", "keep-git-dir?", "unpack?"];

    public static CopyInstruction Parse(string name, string rest, DockerfileLine line, char escape)
    {
        var flags = Flags.Take(name, rest, escape, name == "COPY" ? s_copy : s_add);
        var words = JsonForm.TryParse(flags.Rest) ?? WordSplitter.Split(flags.Rest, escape);
        var sources = words.Take(Math.Max(0, words.Count - 1)).Where(word => !IsMark(line, word, escape)).ToList();
        if (words.Count == 0 || sources.Count + line.HereDocuments.Count == 0)
        {
            throw new DockerfileSyntaxException(
                $"{name} requires at least two arguments, but only {words.Count} {(words.Count == 1 ? "was" : "were")} provided. "
                + "Destination could not be determined");
        }

        if (words[^1].Length == 0 || sources.Exists(source => source.Length == 0))
        {
            throw new DockerfileSyntaxException($"{name} has an empty path");
        }

        if (flags.One("from") is not null && line.HereDocuments.Count > 0)
        {
            throw new DockerfileSyntaxException("COPY --from can't be used with a here-document");
        }

        return new CopyInstruction
        {
            Name = name,
            Text = rest,
            Line = line.Start,
            Sources = sources,
            Destination = words[^1],
            HereDocuments = line.HereDocuments,
            From = flags.One("from"),
            Chown = flags.One("chown"),
            Chmod = flags.One("chmod"),
            Link = flags.Switch("link") ?? false,
            Parents = flags.Switch("parents") ?? false,
            Excludes = flags.Many("exclude"),
            Checksum = flags.One("checksum"),
            KeepGitFolder = flags.Switch("keep-git-dir") ?? false,
            Unpack = flags.Switch("unpack"),
        };
    }

    private static bool IsMark(DockerfileLine line, string word, char escape) =>
        line.HereDocuments.Count > 0 && HereDocumentMarks.Parse(word, escape) is not null;
}
