using System.Text;
using Portal.Engine.Builds.Dockerfiles;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Builds.Dockerfiles;

public sealed class DockerfileParserTests
{
    [Fact]
    public void Parse_OfContinuedLines_JoinsThemWithoutComments()
    {
        var file = Parse("FROM a\nRUN one \\\n# a comment\n\n  two \\  \n  three\nCMD x");

        var run = Assert.IsType<RunInstruction>(file.Instructions[1]);
        Assert.Equal("one   two   three", Assert.Single(run.Command.Words));
        Assert.Equal(2, run.Line);
        Assert.Equal(7, file.Instructions[2].Line);
    }

    [Fact]
    public void Parse_OfDirectives_TakesThemFromTheTopAlone()
    {
        var file = Parse("# syntax=docker/dockerfile:1\n# ESCAPE = `\n# check=skip=all\nFROM a\nRUN one `\n two\\");
        Assert.Equal("docker/dockerfile:1", file.Directives.Syntax);
        Assert.Equal('`', file.Directives.Escape);
        Assert.Equal("skip=all", file.Directives.Check);
        Assert.Equal(2, file.Instructions.Count);

        Assert.Equal('\\', Parse("# about\n# escape=`\nFROM a").Directives.Escape);
        Assert.Equal('\\', Parse("# unknown=1\n# escape=`\nFROM a").Directives.Escape);
        Assert.Equal('\\', Parse("\n# escape=`\nFROM a").Directives.Escape);
    }

    [Fact]
    public void Parse_OfByteOrderMarkAndCarriageReturns_TakesThemAway()
    {
        var file = Parse("\uFEFFFROM a\r\nRUN one \\\r\n two\r\n");
        Assert.Equal("a", Assert.IsType<FromInstruction>(file.Instructions[0]).Image);
        Assert.Equal("one  two", Assert.IsType<RunInstruction>(file.Instructions[1]).Command.Words[0]);
    }

    [Fact]
    public void Parse_OfHereDocuments_TakesTheirLinesAsTheyAre()
    {
        var file = Parse("FROM a\nRUN <<EOF cat <<-'OTHER'\n# no comment\nline \\\nEOF\n\tchomped\n\tOTHER\nCOPY <<x.txt /dst/\n$NAME\nx.txt\n");

        var run = Assert.IsType<RunInstruction>(file.Instructions[1]);
        Assert.Equal("# no comment\nline \\\n", run.HereDocuments[0].Content);
        Assert.True(run.HereDocuments[0].Expand);
        Assert.Equal("chomped\n", run.HereDocuments[1].Content);
        Assert.False(run.HereDocuments[1].Expand);
        var copy = Assert.IsType<CopyInstruction>(file.Instructions[2]);
        Assert.Empty(copy.Sources);
        Assert.Equal("/dst/", copy.Destination);
        Assert.Equal(("x.txt", "$NAME\n"), (copy.HereDocuments[0].Name, copy.HereDocuments[0].Content));
    }

    [Fact]
    public void Parse_OfCopyWithAllFlags_KeepsEach()
    {
        var copy = Assert.IsType<CopyInstruction>(Parse(
            "FROM a\nCOPY --from=stage --chown=1:2 --chmod=644 --link --parents --exclude=*.md --exclude=b [\"a b\", \"c\", \"/d\"]").Instructions[1]);

        Assert.Equal(["a b", "c"], copy.Sources);
        Assert.Equal(("/d", "stage", "1:2", "644"), (copy.Destination, copy.From, copy.Chown, copy.Chmod));
        Assert.True(copy.Link && copy.Parents);
        Assert.Equal(["*.md", "b"], copy.Excludes);
        var add = Assert.IsType<CopyInstruction>(Parse("FROM a\nADD --checksum=sha256:0 --keep-git-dir=true --unpack=false u /d").Instructions[1]);
        Assert.Equal(("sha256:0", true, false), (add.Checksum, add.KeepGitFolder, add.Unpack));
    }

    [Fact]
    public void Parse_OfRunAndHealthcheckFlags_KeepsEach()
    {
        var file = Parse(
            "FROM a\nRUN --mount=type=cache,target=/c --mount=type=bind,target=/b --network=none --security=insecure [\"a\", \"b\"]\n"
            + "HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=1s --start-interval=2s --retries=4 CMD curl x\nHEALTHCHECK NONE");

        var run = Assert.IsType<RunInstruction>(file.Instructions[1]);
        Assert.Equal(["type=cache,target=/c", "type=bind,target=/b"], run.Mounts);
        Assert.Equal(("none", "insecure", false), (run.Network, run.Security, run.Command.IsShell));
        var check = Assert.IsType<HealthcheckInstruction>(file.Instructions[2]);
        Assert.Equal(90_000_000_000, check.Interval);
        Assert.Equal(500_000_000, check.Timeout);
        Assert.Equal(4, check.Retries);
        Assert.True(check.Test!.IsShell);
        Assert.Null(Assert.IsType<HealthcheckInstruction>(file.Instructions[3]).Test);
    }

    [Fact]
    public void Parse_OfPairs_TakesBothForms()
    {
        var file = Parse("ARG V=1 W\nFROM a\nENV old the whole  rest\nENV a=1 b=\"x y\" c=d\\ e\nLABEL \"k\"='v'");
        Assert.Equal([new KeyValue("V", "1"), new KeyValue("W", null)], Assert.IsType<ArgInstruction>(file.Instructions[0]).Arguments);
        Assert.Equal([new KeyValue("old", "the whole  rest", true)], Assert.IsType<EnvInstruction>(file.Instructions[2]).Variables);
        Assert.Equal(
            [new KeyValue("a", "1"), new KeyValue("b", "\"x y\""), new KeyValue("c", "d\\ e")],
            Assert.IsType<EnvInstruction>(file.Instructions[3]).Variables);
        Assert.Equal([new KeyValue("\"k\"", "'v'")], Assert.IsType<LabelInstruction>(file.Instructions[4]).Labels);
    }

    [Fact]
    public void Parse_OfWhatIsNoJsonArray_TakesItForTheShellForm()
    {
        var command = Assert.IsType<CommandInstruction>(Parse("FROM a\nCMD [ 'a' ]").Instructions[1]).Command;
        Assert.True(command.IsShell);
        Assert.Equal("[ 'a' ]", command.Words[0]);
    }

    [Theory]
    [InlineData("", "Dockerfile: dockerfile parse error: file with no instructions")]
    [InlineData("# only\n", "file with no instructions")]
    [InlineData("RUN x\nFROM a", "Dockerfile:1: dockerfile parse error: no build stage in current context")]
    [InlineData("ARG x", "there is no FROM")]
    [InlineData("FROM a\nCOPPY a b", "Dockerfile:2: dockerfile parse error: unknown instruction: COPPY (did you mean COPY?)")]
    [InlineData("FROM a\nXYZZY", "unknown instruction: XYZZY")]
    [InlineData("FROM a\n\n\nRUN", "Dockerfile:4: dockerfile parse error: RUN requires at least one argument")]
    [InlineData("FROM a b", "either one or three arguments")]
    [InlineData("FROM a AS 1x", "invalid name for build stage")]
    [InlineData("FROM --platfrom=x a", "unknown flag: --platfrom (did you mean --platform?)")]
    [InlineData("FROM a\nCOPY a", "requires at least two arguments, but only 1 was")]
    [InlineData("FROM a\nCOPY --link=maybe a b", "expecting boolean value for flag link")]
    [InlineData("FROM a\nCOPY --chown a b", "missing a value on flag: chown")]
    [InlineData("FROM a\nCOPY --chown=a --chown=b a b", "duplicate flag specified: chown")]
    [InlineData("FROM a\nCOPY --checksum=x a b", "unknown flag: --checksum")]
    [InlineData("FROM a\nRUN --network=moon x", "expected one of: default, none, host")]
    [InlineData("FROM a\nRUN <<EOF\nx\n", "Dockerfile:2: dockerfile parse error: unterminated heredoc")]
    [InlineData("FROM a\nENV a", "ENV must have two arguments")]
    [InlineData("FROM a\nENV a=1 b", "can't find = in \"b\"")]
    [InlineData("FROM a\nENV =1", "names can not be blank")]
    [InlineData("FROM a\nSHELL sh", "arguments to be in JSON form")]
    [InlineData("FROM a\nCMD [1]", "comprised of strings only")]
    [InlineData("FROM a\nONBUILD FROM x", "isn't allowed as an ONBUILD trigger")]
    [InlineData("FROM a\nONBUILD ONBUILD RUN x", "Chaining ONBUILD")]
    [InlineData("FROM a\nHEALTHCHECK TEST x", "Unknown type TEST in HEALTHCHECK")]
    [InlineData("FROM a\nHEALTHCHECK --interval=1us CMD x", "cannot be less than 1ms")]
    [InlineData("FROM a\nHEALTHCHECK --interval=1 CMD x", "invalid duration")]
    [InlineData("FROM a\nHEALTHCHECK CMD", "Missing command")]
    [InlineData("# escape=x\nFROM a", "invalid escape token")]
    [InlineData("# escape=`\n# escape=`\nFROM a", "only one escape parser directive")]
    [InlineData("FROM a\nWORKDIR", "WORKDIR requires exactly one argument")]
    public void Parse_OfWhatIsWrong_NamesFileLineAndProblem(string text, string expected)
    {
        var failure = Assert.ThrowsAny<EngineException>(() => Parse(text));
        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void Parse_OfHostileSizes_IsRefused()
    {
        Assert.ThrowsAny<EngineException>(() => Parse("FROM a\n" + new string('#', 5 << 20)));
        Assert.ThrowsAny<EngineException>(() => Parse("FROM a\n" + string.Concat(Enumerable.Repeat("RUN x\n", 10_001))));
        Assert.ThrowsAny<EngineException>(() => DockerfileParser.Parse("Dockerfile", [0x46, 0xFF, 0xFE]));
    }

    [Fact]
    public void Parse_OfMutatedFiles_ParsesOrRefusesAndNothingElse()
    {
        string[] seeds =
        [
            "# syntax=x\nARG V=1\nFROM --platform=$P a AS b\nRUN --mount=type=cache,target=/x <<EOF\na\nEOF\nCOPY --from=b [\"a\", \"b\"]\n",
            "FROM a\nENV a=${b:-c} 'd'=\"e\"\nHEALTHCHECK --interval=1s CMD [\"x\"]\nONBUILD COPY <<-X /\n\tb\n\tX\nCMD a \\\n b\n",
        ];
        const string Alphabet = "\\`\"'${}[]<>-=:#\n\r\t ,ABRUNCOPY\0é";
        var random = new Random(20241);
        for (var round = 0; round < 4000; round++)
        {
            var text = new StringBuilder(seeds[round % seeds.Length]);
            for (var edit = random.Next(1, 8); edit > 0; edit--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Insert(at, Alphabet[random.Next(Alphabet.Length)]),
                    1 => text.Remove(at, Math.Min(random.Next(1, 5), text.Length - at)),
                    _ => text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 20), text.Length - at))),
                };
            }

            try
            {
                var file = Parse(text.ToString());
                Assert.Contains(file.Instructions, instruction => instruction is FromInstruction);
            }
            catch (EngineException failure)
            {
                Assert.StartsWith("Dockerfile:", failure.Message);
            }
        }
    }

    private static Dockerfile Parse(string text) => DockerfileParser.Parse("Dockerfile", Encoding.UTF8.GetBytes(text));
}
