using System.Text;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Parsing;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Builds.Dockerfiles;

/// <summary>Reads a Dockerfile (https://docs.docker.com/reference/dockerfile/).</summary>
internal static class DockerfileParser
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="Errors.EngineException">InvalidArgument: no Dockerfile, with the file and the line of the first problem.</exception>
    public static Dockerfile Parse(string file, ReadOnlySpan<byte> content)
    {
        if (content.Length > DockerfileLimits.MaxBytes)
        {
            throw DockerfileErrors.Of(file, $"the file is over {DockerfileLimits.MaxBytes} bytes long");
        }

        string text;
        try
        {
            text = s_strict.GetString(content.StartsWith("\uFEFF"u8) ? content[3..] : content);
        }
        catch (DecoderFallbackException failure)
        {
            throw new Errors.EngineException(
                Errors.EngineErrorKind.InvalidArgument, $"{file}: dockerfile parse error: the file is no UTF-8 text", failure);
        }

        var all = SplitLines(text);
        try
        {
            return Parse(file, all);
        }
        catch (BuildException failure)
        {
            failure.Excerpt = DockerfileErrors.Excerpt(all, failure.Line);
            throw;
        }
    }

    private static Dockerfile Parse(string file, string[] all)
    {
        var reader = new LineReader(file, all);
        var lines = reader.Read();
        if (lines.Count == 0)
        {
            throw DockerfileErrors.Of(file, "file with no instructions");
        }

        var instructions = lines.Select(line => ParseLine(file, line, reader.Directives.Escape)).ToList();
        if (instructions.Find(instruction => instruction is not ArgInstruction) is not FromInstruction)
        {
            var first = instructions.Find(instruction => instruction is not ArgInstruction);
            throw first is null
                ? DockerfileErrors.Of(file, "no build stage: there is no FROM")
                : DockerfileErrors.At(file, first.Line, "no build stage in current context: FROM must come first");
        }

        return new Dockerfile(file, reader.Directives, all, instructions);
    }

    /// <summary>Parses one instruction that stands elsewhere: a trigger of a base image.</summary>
    public static Instruction ParseOne(string source, int line, string text, char escape)
    {
        // What an image carries was written by whoever made it: it must be one instruction and no file.
        var lines = new LineReader(source, SplitLines(text)).Read();
        return lines.Count == 1
            ? ParseLine(source, lines[0] with { Start = line }, escape)
            : throw DockerfileErrors.At(source, line, $"'{text}' is not one instruction");
    }

    private static string[] SplitLines(string text)
    {
        var lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            lines[index] = lines[index].TrimEnd('\r');
        }

        return lines is [.., ""] ? lines[..^1] : lines;
    }

    private static Instruction ParseLine(string file, DockerfileLine line, char escape)
    {
        try
        {
            return InstructionParser.Parse(line, escape);
        }
        catch (DockerfileSyntaxException problem)
        {
            throw DockerfileErrors.At(file, line.Start, problem.Message, problem);
        }
    }
}
