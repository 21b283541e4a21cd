using System.Text;
using Portal.Engine.Linux.Runtime.Cdi;

namespace Portal.Engine.Linux.Tests.Runtime.Cdi;

public sealed class CdiSpecReaderTests
{
    private const string Start = "{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[";

    private const string Json =
        """
        {"cdiVersion":"0.6.0","kind":"vendor.com/net","annotations":{"a":"b"},"containerEdits":{"env":["ALL=1"]},
         "devices":[{"name":"one","containerEdits":{"deviceNodes":[{"path":"/dev/one","hostPath":"/dev/null","permissions":"r","uid":5}],
         "hooks":[{"hookName":"createContainer","path":"/bin/true","args":["true"],"timeout":3}],"intelRdt":{"closID":"x"},
         "mounts":[{"hostPath":"/etc/hostname","containerPath":"/vendor","options":["ro","bind"]}],"additionalGids":[7]}}]}
        """;

    private const string Yaml =
        """
        # As nvidia-ctk writes it.
        cdiVersion: 0.5.0
        kind: nvidia.com/gpu
        containerEdits:
          env:
          - NVIDIA_VISIBLE_DEVICES=void
        devices:
        - name: "0"
          containerEdits:
            deviceNodes:
            - path: /dev/nvidia0
              major: 195
              minor: 0
              type: c
        - name: all
          containerEdits: {}
        """;

    [Fact]
    public void Parse_Json_IsRead()
    {
        var spec = CdiSpecReader.Parse(Encoding.UTF8.GetBytes(Json), yaml: false);

        var edits = Assert.Single(spec.Devices).ContainerEdits!;
        Assert.Equal("vendor.com/net", spec.Kind);
        Assert.Equal(["ALL=1"], spec.ContainerEdits!.Env);
        var node = edits.DeviceNodes[0];
        Assert.Equal(("/dev/one", "/dev/null", "r", 5u), (node.Path, node.HostPath, node.Permissions, node.Uid));
        Assert.Equal(("createContainer", 3), (edits.Hooks[0].HookName, edits.Hooks[0].Timeout));
        Assert.Equal(["ro", "bind"], edits.Mounts[0].Options);
        Assert.Equal([7u], edits.AdditionalGids);
    }

    [Fact]
    public void Parse_Yaml_IsRead()
    {
        var spec = CdiSpecReader.Parse(Encoding.UTF8.GetBytes(Yaml), yaml: true);

        Assert.Equal(["0", "all"], spec.Devices.Select(device => device.Name));
        var node = spec.Devices[0].ContainerEdits!.DeviceNodes[0];
        Assert.Equal((195L, 0L), (node.Major, node.Minor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"cdiVersion\":\"9.0.0\",\"kind\":\"a.b/c\",\"devices\":[{\"name\":\"x\",\"containerEdits\":{}}]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"noclass\",\"devices\":[{\"name\":\"x\",\"containerEdits\":{}}]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[{\"name\":\"x\"}]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[null]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[{\"name\":\"../x\",\"containerEdits\":{}}]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[{\"name\":\"x\",\"containerEdits\":{\"unknown\":1}}]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[{\"name\":\"x\",\"containerEdits\":{\"env\":[\"=x\"]}}]}")]
    [InlineData("{\"cdiVersion\":\"0.6.0\",\"kind\":\"a.b/c\",\"devices\":[{\"name\":\"x\",\"containerEdits\":{\"env\":[null]}}]}")]
    [InlineData(Start + "{\"name\":\"x\",\"containerEdits\":{\"mounts\":[{\"hostPath\":\"/a\",\"containerPath\":\"b\"}]}}]}")]
    [InlineData(Start + "{\"name\":\"x\",\"containerEdits\":{\"hooks\":[{\"hookName\":\"never\",\"path\":\"/a\"}]}}]}")]
    [InlineData(Start + "{\"name\":\"x\",\"containerEdits\":{}},{\"name\":\"x\",\"containerEdits\":{}}]}")]
    public void Parse_Unusable_IsRefused(string text)
    {
        Assert.Throws<FormatException>(() => CdiSpecReader.Parse(Encoding.UTF8.GetBytes(text), yaml: false));
        Assert.Throws<FormatException>(() => CdiSpecReader.Parse(Encoding.UTF8.GetBytes(text), yaml: true));
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("? [a]\n: 1")]
    [InlineData("a: 1\na: 2")]
    public void Parse_OddYaml_IsRefused(string text)
    {
        Assert.Throws<FormatException>(() => CdiSpecReader.Parse(Encoding.UTF8.GetBytes(text), yaml: true));
    }

    [Fact]
    public void Parse_AliasesOfAliases_AreBounded()
    {
        var text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var level = 1; level < 12; level++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [")
                .AppendJoin(',', Enumerable.Repeat($"*a{level - 1}", 10)).Append("]\n");
        }

        Assert.Throws<FormatException>(() => CdiSpecReader.Parse(Encoding.UTF8.GetBytes(text.ToString()), yaml: true));
    }
}
