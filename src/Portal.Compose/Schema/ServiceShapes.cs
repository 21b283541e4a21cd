using Portal.Compose.Nodes;
using Portal.Compose.Shapes;
using static Portal.Compose.Shapes.Scalars;

namespace Portal.Compose.Schema;

/// <summary>A service, key by key, as the specification's schema has them.</summary>
internal static class ServiceShapes
{
    private static readonly string[] s_restarts = ["no", "always", "on-failure", "unless-stopped"];

    private static readonly MapShape s_hook = new(
        new Dictionary<string, Shape>
        {
            ["command"] = new CommandShape(),
            ["user"] = Word,
            ["privileged"] = Bool,
            ["working_dir"] = Text,
            ["environment"] = new PairsShape(ScalarKind.Null),
        },
        "command");

    private static readonly MapShape s_port = new(
        new Dictionary<string, Shape>
        {
            ["name"] = Text,
            ["mode"] = OneOf("host", "ingress"),
            ["host_ip"] = PortForm.Address,
            ["target"] = Int(1, 65535),
            ["published"] = PortForm.Published,
            ["protocol"] = PortForm.Protocol,
            ["app_protocol"] = Text,
        },
        "target");

    private static readonly MapShape s_network = new(new Dictionary<string, Shape>
    {
        ["aliases"] = TextList,
        ["interface_name"] = Text,
        ["ipv4_address"] = PortForm.Address,
        ["ipv6_address"] = PortForm.Address,
        ["link_local_ips"] = TextList,
        ["mac_address"] = Text,
        ["driver_opts"] = new PairsShape(isMapAlone: true),
        ["priority"] = Number,
        ["gw_priority"] = Number,
    });

    private static readonly MapShape s_dependency = new(
        new Dictionary<string, Shape>
        {
            ["condition"] = OneOf("service_started", "service_healthy", "service_completed_successfully"),
            ["restart"] = Bool,
            ["required"] = Bool,
        },
        "condition");

    private static readonly MapShape s_mount = new(
        new Dictionary<string, Shape>
        {
            ["type"] = OneOf("bind", "volume", "tmpfs", "image", "npipe", "cluster"),
            ["source"] = Text,
            ["target"] = Text,
            ["read_only"] = Bool,
            ["consistency"] = Text,
            ["bind"] = new MapShape(new Dictionary<string, Shape>
            {
                ["propagation"] = OneOf("rprivate", "private", "rshared", "shared", "rslave", "slave"),
                ["create_host_path"] = Bool,
                ["recursive"] = OneOf("enabled", "disabled", "writable", "readonly"),
                ["selinux"] = OneOf("z", "Z"),
            }),
            ["volume"] = new MapShape(
                new Dictionary<string, Shape> { ["labels"] = new PairsShape(), ["nocopy"] = Bool, ["subpath"] = Text }),
            ["tmpfs"] = new MapShape(new Dictionary<string, Shape> { ["size"] = Bytes, ["mode"] = Mode }),
            ["image"] = new MapShape(new Dictionary<string, Shape> { ["subpath"] = Text }),
        },
        "type",
        "target");

    /// <summary>The mapping of a service, and of a file that others extend.</summary>
    public static Shape Service { get; } = new MapShape(
        Running().Concat(Limits()).Concat(Surroundings()).Concat(Files()).ToDictionary(pair => pair.Key, pair => pair.Value));

    private static Dictionary<string, Shape> Running() => new()
    {
        ["annotations"] = new PairsShape(),
        ["attach"] = Bool,
        ["build"] = BuildShapes.Build,
        ["command"] = new CommandShape(),
        ["container_name"] = That("a container's name", ContainerNames.IsRight),
        ["depends_on"] = new NamesShape(new FollowedShape(s_dependency, WithRequired), "A service's name",
            mark => Started(new NodeMaker(mark))),
        ["deploy"] = DeployShapes.Deploy,
        ["develop"] = new AnyShape(),
        ["entrypoint"] = new CommandShape(),
        ["environment"] = new PairsShape(ScalarKind.Null),
        ["extends"] = Forms.Short(
            "service", new MapShape(new Dictionary<string, Shape> { ["service"] = Text, ["file"] = Forms.Path }, "service")),
        ["healthcheck"] = new FollowedShape(new MapShape(new Dictionary<string, Shape>
        {
            ["disable"] = Bool,
            ["interval"] = Duration,
            ["retries"] = Int(0),
            ["test"] = Forms.HealthTest,
            ["timeout"] = Duration,
            ["start_period"] = Duration,
            ["start_interval"] = Duration,
        }), WithoutCheck),
        ["image"] = Text,
        ["init"] = Bool,
        ["labels"] = new PairsShape(),
        ["links"] = TextList,
        ["external_links"] = TextList,
        ["logging"] = new MapShape(new Dictionary<string, Shape> { ["driver"] = Text, ["options"] = new PairsShape(isMapAlone: true) }),
        ["models"] = new NamesShape(
            new MapShape(new Dictionary<string, Shape> { ["endpoint_var"] = Text, ["model_var"] = Text }),
            "A model's name",
            mark => new NodeMaker(mark).Map()),
        ["platform"] = Text,
        ["post_start"] = new ListShape(s_hook),
        ["pre_stop"] = new ListShape(s_hook),
        ["profiles"] = TextList,
        ["provider"] = new AnyShape(),
        ["pull_policy"] = That("a pull policy", PullPolicies.IsRight, "always", "missing", "never", "build", "daily", "weekly"),
        ["pull_refresh_after"] = Duration,
        ["restart"] = That("a restart policy", IsRestart, s_restarts),
        ["runtime"] = Text,
        ["scale"] = Int(0, 10_000),
        ["stdin_open"] = Bool,
        ["stop_grace_period"] = Duration,
        ["stop_signal"] = Word,
        ["tty"] = Bool,
        ["user"] = Word,
        ["working_dir"] = Text,
    };

    private static Dictionary<string, Shape> Limits() => new()
    {
        ["blkio_config"] = new MapShape(new Dictionary<string, Shape>
        {
            ["device_read_bps"] = Rates("rate", Bytes),
            ["device_read_iops"] = Rates("rate", Int(0)),
            ["device_write_bps"] = Rates("rate", Bytes),
            ["device_write_iops"] = Rates("rate", Int(0)),
            ["weight"] = Int(0, 1000),
            ["weight_device"] = Rates("weight", Int(0, 1000)),
        }),
        ["cpu_count"] = Int(0),
        ["cpu_percent"] = Number,
        ["cpu_shares"] = Int(0),
        ["cpu_quota"] = Int(-1),
        ["cpu_period"] = Int(0),
        ["cpu_rt_period"] = Duration,
        ["cpu_rt_runtime"] = Duration,
        ["cpus"] = Number,
        ["cpuset"] = Word,
        ["gpus"] = new EitherShape(
            "all or a list",
            scalar: new FollowedShape(OneOf("all"), (node, _) =>
            {
                var make = new NodeMaker(node.Mark);
                return make.List(make.Map(("count", make.Text("all"))));
            }),
            list: DeployShapes.Devices),
        ["mem_limit"] = Bytes,
        ["mem_reservation"] = Bytes,
        ["mem_swappiness"] = Int(0, 100),
        ["memswap_limit"] = Bytes,
        ["oom_kill_disable"] = Bool,
        ["oom_score_adj"] = Int(-1000, 1000),
        ["pids_limit"] = Int(-1),
        ["shm_size"] = Bytes,
        ["storage_opt"] = new PairsShape(isMapAlone: true),
        ["sysctls"] = new PairsShape(),
        ["ulimits"] = new NamesShape(Forms.Ulimit, "A limit's name"),
    };

    private static Dictionary<string, Shape> Surroundings() => new()
    {
        ["cap_add"] = TextList,
        ["cap_drop"] = TextList,
        ["cgroup"] = OneOf("host", "private"),
        ["cgroup_parent"] = Text,
        ["credential_spec"] = new AnyShape(),
        ["device_cgroup_rules"] = TextList,
        ["dns"] = TextOrList,
        ["dns_opt"] = TextList,
        ["dns_search"] = TextOrList,
        ["domainname"] = Text,
        ["expose"] = WordList,
        ["extra_hosts"] = Forms.ExtraHosts,
        ["group_add"] = WordList,
        ["hostname"] = Text,
        ["ipc"] = Text,
        ["isolation"] = Text,
        ["mac_address"] = Text,
        ["network_mode"] = Text,
        ["networks"] = new NamesShape(new NothingShape(s_network), "A network's name", mark => new NodeMaker(mark).Nothing()),
        ["pid"] = new NothingShape(Text),
        ["ports"] = new ListShape(new FollowedShape(s_port, WithPortDefaults), expand: PortForm.Expand),
        ["privileged"] = Bool,
        ["security_opt"] = TextList,
        ["use_api_socket"] = Bool,
        ["userns_mode"] = Text,
        ["uts"] = Text,
    };

    private static Dictionary<string, Shape> Files() => new()
    {
        ["configs"] = BuildShapes.FileReferences,
        ["devices"] = new ListShape(
            new MapShape(new Dictionary<string, Shape> { ["source"] = Text, ["target"] = Text, ["permissions"] = Text }, "source"),
            expand: Forms.Device),
        ["env_file"] = new ListShape(
            new MapShape(new Dictionary<string, Shape> { ["path"] = Forms.Path, ["format"] = OneOf("raw"), ["required"] = Bool }, "path"),
            single: true,
            expand: Forms.Item("path")),
        ["label_file"] = new ListShape(Forms.Path, single: true),
        ["read_only"] = Bool,
        ["secrets"] = BuildShapes.FileReferences,
        ["tmpfs"] = TextOrList,
        ["volumes"] = new ListShape(MountForm.Resolved(s_mount), expand: MountForm.Expand),
        ["volumes_from"] = TextList,
    };

    private static ListShape Rates(string key, Shape value) =>
        new(new MapShape(new Dictionary<string, Shape> { ["path"] = Text, [key] = value }, "path", key));

    private static ComposeMap Started(NodeMaker make) =>
        make.Map(("condition", make.Text("service_started")), ("required", make.Bool(true)));

    private static ComposeNode WithRequired(ComposeNode node, At at)
    {
        var map = (ComposeMap)node;
        return map.Find("required") is null ? map.With("required", new NodeMaker(node.Mark).Bool(true)) : map;
    }

    private static ComposeNode WithoutCheck(ComposeNode node, At at)
    {
        var map = (ComposeMap)node;
        var make = new NodeMaker(node.Mark);
        return map.Flag("disable") && map.Find("test") is null ? map.Without("disable").With("test", make.List(make.Text("NONE"))) : map;
    }

    private static ComposeNode WithPortDefaults(ComposeNode node, At at)
    {
        var map = (ComposeMap)node;
        var make = new NodeMaker(node.Mark);
        map = map.Find("mode") is null ? map.With("mode", make.Text("ingress")) : map;
        map = map.Text("published") is "" ? map.Without("published") : map;
        return map.Find("protocol") is null ? map.With("protocol", make.Text("tcp")) : map;
    }

    private static bool IsRestart(string text) =>
        s_restarts.Contains(text)
        || (text.StartsWith("on-failure:", StringComparison.Ordinal) && int.TryParse(text["on-failure:".Length..], out var times)
            && times >= 0);
}
