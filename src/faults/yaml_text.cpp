// YAML to JSON, by the rules of YAML 1.2 for what a plain scalar is: "no" and "02:00" are text.
#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include "base/json_plain.h"
#include "base/json_writer.h"
#include "faults/file_text.h"

namespace venuebox::faults {
namespace {
constexpr int kDepthMax = 16;

std::string place(const YAML::Mark& mark) {
  return fmt::format("{}:{}", mark.line + 1, mark.column + 1);
}

class YamlWriter {
 public:
  explicit YamlWriter(std::string& out) : out_(out), json_(out) {}

  Result<void> write(const YAML::Node& node, int depth) {
    if (depth > kDepthMax) return refuse(node, "is nested more than 16 deep");
    // Aliases of aliases grow without bound.
    if (out_.size() > kFaultFileBytesMax) return refuse(node, "has too much in it; split the file");
    switch (node.Type()) {
      case YAML::NodeType::Map: return write_map(node, depth);
      case YAML::NodeType::Sequence: return write_list(node, depth);
      case YAML::NodeType::Scalar: return write_scalar(node), Result<void>();
      case YAML::NodeType::Null: return json_.null(), Result<void>();
      case YAML::NodeType::Undefined: break;
    }
    return refuse(node, "has no value");
  }

 private:
  static Error refuse(const YAML::Node& node, std::string_view why) {
    return invalid(place(node.Mark()), std::string(why));
  }

  Result<void> write_map(const YAML::Node& node, int depth) {
    json_.open();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) return refuse(entry.first, "must be a plain name");
      std::string key;
      JsonWriter(key).text(entry.first.Scalar());
      json_.key(std::string_view(key).substr(1, key.size() - 2));
      if (auto written = write(entry.second, depth + 1); !written) return written;
    }
    json_.close();
    return {};
  }
  Result<void> write_list(const YAML::Node& node, int depth) {
    json_.open_list();
    for (const YAML::Node& element : node) {
      if (auto written = write(element, depth + 1); !written) return written;
    }
    json_.close_list();
    return {};
  }
  void write_scalar(const YAML::Node& node) {
    const std::string& text = node.Scalar();
    // yaml-cpp tags what is in quotes with "!", and what is plain with "?".
    const bool plain = node.Tag() == "?";
    if (plain && (text == "true" || text == "True" || text == "TRUE")) {
      json_.boolean(true);
    } else if (plain && (text == "false" || text == "False" || text == "FALSE")) {
      json_.boolean(false);
    } else if (plain && is_json_number(text)) {
      json_.raw(text);
    } else if (plain && text.starts_with('.') && is_json_number("0" + text)) {
      json_.raw("0" + text);  // ".5"
    } else {
      json_.text(text);
    }
  }

  std::string& out_;
  JsonWriter json_;
};
}  // namespace

Result<std::string> json_from_yaml(std::string_view text) {
  std::string json;
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() != 1) {
      return invalid("1:1",
                     fmt::format("must be one document, and there are {}", documents.size()));
    }
    if (auto written = YamlWriter(json).write(documents.front(), 0); !written) {
      return written.error();
    }
  } catch (const YAML::Exception& failure) {
    return invalid(place(failure.mark), failure.msg);
  }
  return json;
}

}  // namespace venuebox::faults
