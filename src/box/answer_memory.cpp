#include "box/answer_memory.h"

namespace venuebox::box {

std::string AnswerMemory::key_of(const net::Request& request, const net::Response& response) {
  std::string key(response.tag.venue);
  for (const std::string_view part :
       {std::string_view(response.tag.account), request.path, request.query, request.body}) {
    key.append(1, '\n').append(part);
  }
  return key;
}

void AnswerMemory::remember(const net::Request& request, const net::Response& response,
                            Timestamp now) {
  if (response.status != 200) return;
  std::string key = key_of(request, response);
  if (answers_.size() >= kKeysMax && !answers_.contains(key)) answers_.clear();
  std::vector<Answer>& answers = answers_[std::move(key)];
  if (answers.size() >= kAnswersMax) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < answers.size(); i += 2, ++kept) {
      if (kept != i) answers[kept] = std::move(answers[i]);
    }
    answers.resize(kept);
  }
  answers.push_back({now, response.body});
}

const AnswerMemory::Answer* AnswerMemory::find(const net::Request& request,
                                               const net::Response& response, Timestamp now,
                                               Nanoseconds age) const {
  const auto known = answers_.find(key_of(request, response));
  if (known == answers_.end()) return nullptr;
  const std::vector<Answer>& answers = known->second;
  const Answer* found = &answers.front();
  for (const Answer& answer : answers) {
    if (now - answer.time >= age) found = &answer;
  }
  return found;
}

}  // namespace venuebox::box
