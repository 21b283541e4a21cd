using System.Diagnostics;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Nodes;

namespace Portal.Compose.Tests.Comparison;

/// <summary>
/// Debian's docker-compose 1.29 writes projects out (<c>config</c>); what it wrote, loaded, must be the project that we made of the same files.
/// </summary>
public sealed class DockerComposeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-compose").FullName;

    public static TheoryData<string, string[]> Cases() => new()
    {
        { "short forms", ["""
            version: "3.8"
            services:
              web:
                image: busybox:${TAG:-latest}
                command: sh -c "echo 'a b'"
                ports: ["8080:80", "127.0.0.1:53:53/udp", "9000-9002:90-92"]
                environment: [A=1, "B=two words", EMPTY=]
                volumes: ["./data:/data:ro", "named:/named"]
                labels: [a=b]
                depends_on: [db]
                dns: 1.1.1.1
                tmpfs: /run
                extra_hosts: ["a:1.2.3.4"]
                ulimits: {nproc: 100, nofile: {soft: 10, hard: 20}}
                cap_add: [NET_ADMIN]
                stop_grace_period: 1m30s
              db: {image: "busybox", healthcheck: {test: "true", interval: 5s, retries: 3}, networks: {back: {aliases: [d]}}}
            volumes: {named: }
            networks: {back: {internal: true}}
            """] },
        { "long forms", ["""
            version: "3.8"
            services:
              web:
                image: busybox
                ports: [{target: 80, published: 8080, protocol: tcp, mode: host}]
                volumes:
                  - {type: bind, source: ./x, target: /x, read_only: true}
                  - {type: tmpfs, target: /t}
                  - {type: volume, source: v, target: /v, volume: {nocopy: true}}
                depends_on: {db: {condition: service_healthy}, init: {condition: service_completed_successfully}}
                deploy:
                  replicas: 1
                  resources: {limits: {cpus: "0.5", memory: 64M}}
                  update_config: {parallelism: 2, order: start-first, delay: 10s}
                  placement: {constraints: ["node.labels.a == b"]}
                logging: {driver: json-file, options: {max-size: "1m"}}
                healthcheck: {test: [CMD, "true"], timeout: 1m, start_period: 3s}
              db: {image: busybox, healthcheck: {disable: true}}
              init: {image: busybox, restart: "no"}
            volumes: {v: {driver_opts: {type: tmpfs, device: tmpfs}, labels: {a: b}}}
            """] },
        { "interpolation", ["""
            version: "3.8"
            services:
              web:
                image: "${IMAGE}"
                environment: {A: "${SET}", B: "${UNSET:-default}", C: "${EMPTY-none}"}
                labels: {D: "${EMPTY:-filled}", E: "$$literal", F: "${SET:?needed}"}
            """] },
        { "anchors", ["""
            version: "3.8"
            x-base: &base {image: busybox, environment: &env {A: "1"}, restart: always}
            services:
              web: {<<: *base, command: [a, b]}
              two: {<<: *base, environment: {<<: *env, B: "2"}}
            """] },
        { "overlay", ["""
            version: "3.8"
            services:
              web:
                {image: busybox, command: [a], ports: ["80:80"], environment: {A: "1", B: "1"}, volumes: ["./a:/w", "./b:/v"],
                 dns: [1.1.1.1], labels: {x: y}, entrypoint: [e]}
            """, """
            version: "3.8"
            services:
              web:
                {command: [b], ports: ["81:81"], environment: ["B=2", "C=3"], volumes: ["./c:/w"],
                 dns: [8.8.8.8], labels: [z=1], healthcheck: {test: [NONE]}}
            """] },
        { "extends", ["""
            version: "3.8"
            services:
              base: {image: busybox, environment: {A: "1", B: "1"}, command: [x], ports: ["80"]}
              web: {extends: {service: base}, environment: {B: "2"}, cap_drop: [ALL]}
            """] },
        { "env file", ["""
            version: "3.8"
            services:
              web: {image: busybox, env_file: [vars.env], environment: {A: over}}
            """] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Project_AsDockerComposeWritesIt_IsOurs(string name, string[] files)
    {
        Assert.True(File.Exists("/usr/bin/docker-compose"), "docker-compose of Debian is not installed");
        var all = files.Select((text, index) => ($"compose.{index}.yaml", text))
            .Append((".env", "IMAGE=busybox\nSET=set\nEMPTY=\n")).Append(("vars.env", "A=file\nB=file\n# no\nC=with space\n")).ToArray();
        foreach (var (path, text) in all)
        {
            File.WriteAllText(Path.Combine(_folder, path), text);
        }

        var options = new ComposeOptions { ProjectName = "shop", Files = [.. all.Take(files.Length).Select(file => file.Item1)] };
        var ours = Projects.Right(Projects.Load(options, all));
        var written = Config(options.Files).Replace($"{_folder}/", "./", StringComparison.Ordinal);
        var theirs = Projects.Right(Projects.Load(new ComposeOptions { ProjectName = "shop" }, ("compose.yaml", written)));

        Assert.Equal((name, Text(theirs)), (name, Text(ours)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // What 1.29 leaves out or has in another order is no difference: variables of files, the mode of ports, the making of bound folders.
    private static string Text(ComposeProject project) =>
        string.Join('\n', project.Services.OrderBy(service => service.Name, StringComparer.Ordinal).Select(Text))
        + string.Join('\n', project.Volumes.Select(volume => volume.Name).Order(StringComparer.Ordinal))
        + string.Join('\n', project.Networks.Select(network => network.Name).Order(StringComparer.Ordinal));

    private static string Text(ComposeService service)
    {
        var definition = service.Definition;
        foreach (var key in new[] { "env_file", "build", "ports", "volumes", "stop_grace_period", "scale", "dns" })
        {
            definition = definition.Without(key);
        }

        var ports = service.Ports.Select(port => port.ToString()).Order(StringComparer.Ordinal);
        var mounts = service.Definition.Items("volumes").OfType<ComposeMap>()
            .Select(mount => $"{mount.Text("type")} {mount.Text("source")} {mount.Text("target")} {mount.Flag("read_only")}")
                .Order(StringComparer.Ordinal);
        var dns = service.Definition.Texts("dns").Order(StringComparer.Ordinal);
        return $"{service.Name} {service.Replicas}\n{CanonicalJson.Write(definition)}\n"
            + string.Join('\n', [.. ports, .. mounts, .. dns, service.Definition.Text("stop_grace_period") ?? ""]) + "\n";
    }

    private string Config(IReadOnlyList<string> files)
    {
        var start = new ProcessStartInfo("/usr/bin/docker-compose") { WorkingDirectory = _folder, RedirectStandardOutput = true,
            RedirectStandardError = true };
        foreach (var argument in files.SelectMany(file => new[] { "-f", file }).Append("--project-name").Append("shop").Append("config"))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.GetAwaiter().GetResult());
        return text;
    }
}
