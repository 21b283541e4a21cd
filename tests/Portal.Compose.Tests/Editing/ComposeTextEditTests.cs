using Portal.Compose.Editing;

namespace Portal.Compose.Tests.Editing;

/// <summary>Edits in parts: what changes is said here whole, all else stays as it is, byte by byte.</summary>
public sealed class ComposeTextEditTests
{
    private const string Shop = """
        # The shop. Ask Kim before changing ports.
        services:
          web:   # the front
            image: "nginx:1.27"   # pinned
            ports:
              - "8080:80"    # public
              # - "8443:443"
              - 9090:90

            environment:
              - MODE=prod
              - FLAG

          db:
            environment: {POSTGRES_DB: shop, 'POSTGRES_USER': kim}
            image: postgres:16
            command: |
              postgres
              -c shared_buffers=1GB

            deploy:   # later
          cache: {image: redis, ports: []}
        # Kept by hand:
        volumes:
          data:
        """;

    [Fact]
    public void Set_ValueInQuotes_KeepsQuotesAndTheComment() =>
        Becomes(Set("nginx:1.28", "services", "web", "image"), "\"nginx:1.27\"", "\"nginx:1.28\"");

    [Fact]
    public void Set_PlainValueThatNeedsQuotes_IsQuoted() =>
        Becomes(Set("postgres: 16 # x", "services", "db", "image"), "postgres:16", "\"postgres: 16 # x\"");

    [Fact]
    public void Set_ValueInBraces_StaysThere() =>
        Becomes(Set("a, b", "services", "db", "environment", "POSTGRES_DB"), "POSTGRES_DB: shop", "POSTGRES_DB: \"a, b\"");

    [Fact]
    public void Set_MissingKey_ComesAfterTheLastOfItsMapping() =>
        Becomes(Set("always", "services", "web", "restart"), "      - FLAG\n", "      - FLAG\n    restart: always\n");

    [Fact]
    public void Set_WordThatOldReadersTakeForTruth_IsQuoted() =>
        Becomes(Set("no", "services", "web", "restart"), "      - FLAG\n", "      - FLAG\n    restart: \"no\"\n");

    [Fact]
    public void Set_MissingKeyWithThoseThatLeadToIt_WritesAllOfThem() => Becomes(
        Set("2", "services", "web", "deploy", "resources", "limits", "pids"), "      - FLAG\n",
        "      - FLAG\n    deploy:\n      resources:\n        limits:\n          pids: \"2\"\n");

    [Fact]
    public void Set_BelowAKeyThatNothingStandsBehind_ComesBelowItsComment() => Becomes(
        ComposeText.Read(Shop).Set(["services", "db", "deploy", "replicas"], "3", isNumber: true),
        "    deploy:   # later\n", "    deploy:   # later\n      replicas: 3\n");

    [Fact]
    public void Set_MissingKeyInBraces_ComesBeforeTheBrace() =>
        Becomes(Set("always", "services", "cache", "restart"), "ports: []}", "ports: [], restart: always}");

    [Fact]
    public void Set_Sign_IsTakenLiterally()
    {
        var edit = Set("p$w${X}", "services", "db", "environment", "POSTGRES_DB");
        Becomes(edit, "POSTGRES_DB: shop", "POSTGRES_DB: \"p$$w$${X}\"");
        Assert.Equal("p$w${X}", edit!.After.Field("services", "db", "environment", "POSTGRES_DB").Text);
    }

    [Fact]
    public void Set_NewService_ComesAfterTheLast() =>
        Becomes(Set("busybox", "services", "worker", "image"), "ports: []}\n", "ports: []}\n  worker:\n    image: busybox\n");

    [Fact]
    public void Set_KeyAlone_HasNoValue() => Becomes(
        ComposeText.Read(Shop).Set(["volumes", "logs"], null), "  data:", "  data:\n  logs:");

    [Fact]
    public void Set_OfItem_ChangesItAlone() => Becomes(
        ComposeText.Read(Shop).Set(["services", "web", "ports", 1], "9091:90"), "- 9090:90", "- \"9091:90\"");

    [Fact]
    public void AddItem_ToList_ComesAfterTheLastInItsColumn() => Becomes(
        ComposeText.Read(Shop).AddItem(["services", "web", "ports"], "53:53/udp"), "      - 9090:90\n", "      - 9090:90\n      - 53:53/udp\n");

    [Fact]
    public void AddItem_PortThatIsANumberToTheBaseOfSixty_IsQuoted() => Becomes(
        ComposeText.Read(Shop).AddItem(["services", "web", "ports"], "22:22"), "      - 9090:90\n", "      - 9090:90\n      - \"22:22\"\n");

    [Fact]
    public void AddItem_ToEmptyBrackets_ComesInto() =>
        Becomes(ComposeText.Read(Shop).AddItem(["services", "cache", "ports"], "6379"), "ports: []", "ports: [\"6379\"]");

    [Fact]
    public void AddItem_ToMissingList_BringsTheKey() => Becomes(
        ComposeText.Read(Shop).AddItem(["services", "db", "networks"], "back"), "    deploy:   # later\n",
        "    deploy:   # later\n    networks:\n      - back\n");

    [Fact]
    public void Rename_OfAKey_KeepsItsQuotesAndValue() => Becomes(
        ComposeText.Read(Shop).Rename(["services", "db", "environment", "POSTGRES_USER"], "PGUSER"), "'POSTGRES_USER': kim", "'PGUSER': kim");

    [Fact]
    public void Rename_ToOneThatIsThere_IsRefused() =>
        Assert.Null(ComposeText.Read(Shop).Rename(["services", "db", "environment", "POSTGRES_USER"], "POSTGRES_DB"));

    [Fact]
    public void Remove_Item_TakesItsLineAndLeavesTheCommentsOfOthers() =>
        Becomes(ComposeText.Read(Shop).Remove(["services", "web", "ports", 1]), "      - 9090:90\n", "");

    [Fact]
    public void Remove_LastItem_TakesTheKeyAlong()
    {
        var once = ComposeText.Read("services:\n  a:\n    ports:\n    - 1\n    image: x\n").Remove(["services", "a", "ports", 0]);
        Assert.Equal("services:\n  a:\n    image: x\n", once!.After.Text);
    }

    [Fact]
    public void Remove_InBraces_TakesTheComma()
    {
        Becomes(ComposeText.Read(Shop).Remove(["services", "db", "environment", "POSTGRES_DB"]), "POSTGRES_DB: shop, ", "");
        Becomes(ComposeText.Read(Shop).Remove(["services", "db", "environment", "POSTGRES_USER"]), ", 'POSTGRES_USER': kim", "");
    }

    [Fact]
    public void Remove_TextOfSeveralLines_TakesAllOfIt() => Becomes(
        ComposeText.Read(Shop).Remove(["services", "db", "command"]),
        "    command: |\n      postgres\n      -c shared_buffers=1GB\n", "");

    [Fact]
    public void Remove_Service_TakesItsLines()
    {
        var start = Shop.IndexOf("  db:", StringComparison.Ordinal);
        var end = Shop.IndexOf("  cache:", StringComparison.Ordinal);
        Assert.Equal(Shop.Remove(start, end - start), ComposeText.Read(Shop).Remove(["services", "db"])!.After.Text);
    }

    [Fact]
    public void Set_FileOfWindows_KeepsItsLineBreaks()
    {
        var text = Shop.Replace("\n", "\r\n", StringComparison.Ordinal);
        var edit = ComposeText.Read(text).Set(["services", "web", "restart"], "always");
        Assert.Equal(text.Replace("      - FLAG\r\n", "      - FLAG\r\n    restart: always\r\n", StringComparison.Ordinal), edit!.After.Text);
    }

    [Fact]
    public void Set_AfterTextThatKeepsItsEmptyLines_LeavesThem()
    {
        const string Text = "services:\n  a:\n    command: |+\n      one\n\n# end\n";
        Assert.Equal(
            "services:\n  a:\n    command: |+\n      one\n\n    image: x\n# end\n",
            ComposeText.Read(Text).Set(["services", "a", "image"], "x")?.After.Text);
    }

    [Fact]
    public void Set_DashesBelowTheirKey_NewListsStandSo()
    {
        var edit = ComposeText.Read("services:\n    a:\n        ports:\n        - 1\n").AddItem(["services", "a", "volumes"], "d:/d");
        Assert.Equal("services:\n    a:\n        ports:\n        - 1\n        volumes:\n        - d:/d\n", edit!.After.Text);
    }

    [Fact]
    public void Set_EmptyFile_BeginsOne() =>
        Assert.Equal("services:\n  web:\n    image: x\n", ComposeText.Read("").Set(["services", "web", "image"], "x")!.After.Text);

    [Fact]
    public void Edit_OfAnything_TellsItsLine() => Assert.Equal(4, Set("x", "services", "web", "image")!.Line);

    private static ComposeEdit? Set(string value, params PathStep[] path) => ComposeText.Read(Shop).Set(path, value);

    private static void Becomes(ComposeEdit? edit, string before, string after)
    {
        Assert.NotNull(edit);
        Assert.Equal(2, Shop.Split(before).Length);
        Assert.Equal(Shop.Replace(before, after, StringComparison.Ordinal), edit.After.Text);
        Assert.Equal(edit.After.Text, edit.Splice.ApplyTo(Shop));
    }
}
